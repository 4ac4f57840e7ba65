import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { SeriesExpression } from '../ast/series.ts';
import { check } from './check.ts';
import { PromqlGrammar } from './grammar.ts';
import { syntaxError } from './syntax-error.ts';
import { tokenize } from './tokens.ts';

/** Made by the first parse: building the grammar costs milliseconds that a process without PromQL does not pay. */
let grammar: PromqlGrammar | undefined;

/**
 * The series expression of a PromQL text, its types checked by Prometheus' rules. Spans count from the start of `text`.
 * Throws 42601 (syntax), 42804 (kind of value), 42883 (unknown function), 0A000 (PromQL that LumaDB does not take).
 */
export function parseSeriesExpression(text: string): SeriesExpression {
  const tokens = tokenize(text);
  if (tokens.length === 0) {
    throw new LumaError(SQLSTATE.syntaxError, 'no expression found in input', { span: { start: 0, end: text.length } });
  }
  grammar ??= new PromqlGrammar();
  grammar.input = tokens;
  const expression = grammar.expression();
  const [error] = grammar.errors;
  if (error !== undefined) throw syntaxError(error, text);
  return check(expression, text);
}
