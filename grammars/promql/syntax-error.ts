import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from 'chevrotain';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { EXPERIMENTAL } from './tokens.ts';

/** Separates expected tokens inside a message on its way from chevrotain to `syntaxError`. */
const SEPARATOR = '\n';

function labels(types: readonly TokenType[]): string {
  return [...new Set(types.map((each) => each.name))].join(SEPARATOR);
}

/** Messages that carry nothing but what was expected. */
export const syntaxMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labels([expected]),
  buildNotAllInputParsedMessage: () => ['operator', 'end of input'].join(SEPARATOR),
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => labels(firstTokens(expectedPathsPerAlt.flat())),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => labels(firstTokens(expectedIterationPaths)),
};

function firstTokens(paths: readonly (readonly TokenType[])[]): TokenType[] {
  return paths.flatMap((path) => path.slice(0, 1));
}

/** Prometheus' words for where in the grammar a token surprised. */
const CONTEXTS: Readonly<Record<string, string>> = {
  aggregate: 'aggregation',
  labels: 'grouping opts',
  label: 'grouping opts',
  grouping: 'grouping opts',
  matchers: 'label matching',
  matcher: 'label matching',
  match: 'label matching',
  brackets: 'subquery or range',
  at: '@',
};

/** The first error of a parse, as ours. */
export function syntaxError(error: IRecognitionException, text: string): LumaError {
  const { token, message, context } = error;
  const stack = context.ruleStack;
  const rule = stack.at(-1) ?? '';
  const place = rule === 'duration' ? (CONTEXTS[stack.at(-2) ?? ''] ?? 'offset') : CONTEXTS[rule];
  const atEnd = Number.isNaN(token.startOffset) || token.image === '';
  const span = atEnd
    ? { start: text.length, end: text.length }
    : { start: token.startOffset, end: token.startOffset + token.image.length };
  if (EXPERIMENTAL.has(token.tokenType)) {
    return new LumaError(SQLSTATE.featureNotSupported, `modifier "${token.image}" is not supported`, {
      span,
      hint: 'Prometheus has it behind a feature flag.',
    });
  }
  const where = place === undefined ? '' : ` in ${place}`;
  return new LumaError(SQLSTATE.syntaxError, `unexpected ${describe(token, atEnd)}${where}`, {
    span,
    expected: message.split(SEPARATOR),
    hint: hintFor(token, rule, text),
  });
}

function describe(token: IToken, atEnd: boolean): string {
  if (atEnd) return 'end of input';
  const { name } = token.tokenType;
  return name.startsWith('"') ? name : `${name} "${token.image}"`;
}

function hintFor(token: IToken, rule: string, text: string): string | undefined {
  if (rule === 'brackets' && token.tokenType.name === '"+"') return 'Write the duration as one literal, such as [1h30m].';
  if (/^\s*(?:select|with|insert|create|explain)\s/i.test(text)) return 'This looks like SQL; PromQL has no statements.';
  return undefined;
}
