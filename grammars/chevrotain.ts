import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/*
 * Chevrotain from the single-file build that its package carries. Through the package's entry the same code is some 60
 * modules, which takes 22 ms of process start instead of 6 (compile cache warm). Types come from 'chevrotain' itself.
 */
const bundle: typeof import('chevrotain') = require(join(require.resolve('chevrotain'), '../../chevrotain.min.mjs'));

export const {
  Alternation,
  createToken,
  EmbeddedActionsParser,
  Lexer,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
} = bundle;
