import type { ScalarDefinition } from '../definition.ts';
import { comparisonFunctions } from './comparison.ts';
import { arithmeticFunctions } from './numeric/arithmetic.ts';
import { basicTextFunctions } from './text/basic.ts';
import { composedTextFunctions } from './text/composed.ts';
import { likeFunctions } from './text/like.ts';
import { regexFunctions } from './text/regex.ts';

/** Every scalar function, by name: one line per topic. */
export const scalarDefinitions: ReadonlyMap<string, ScalarDefinition> = new Map(
  [
    ...arithmeticFunctions,
    ...comparisonFunctions,
    ...basicTextFunctions,
    ...composedTextFunctions,
    ...likeFunctions,
    ...regexFunctions,
  ].map((definition) => [definition.name, definition]),
);
