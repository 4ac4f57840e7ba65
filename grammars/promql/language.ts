import { notSupported } from '../../src/types/error.ts';
import type { Language } from '../language.ts';
import { parseSeriesExpression } from './parser.ts';
import { printSeriesExpression } from './printer.ts';
import { recognizePromql } from './recognize.ts';

/** PromQL as of Prometheus 3, without its experimental parts and without histograms. */
export const promql: Language = {
  name: 'promql',
  title: 'PromQL',
  family: 'series',
  parse(text) {
    if (/^(?:\s|#.*)*$/.test(text)) return [];
    const expression = parseSeriesExpression(text);
    return [{ kind: 'series_statement', span: expression.span, expression }];
  },
  print(statement) {
    if (statement.kind === 'series_statement') return printSeriesExpression(statement.expression);
    throw notSupported(`PromQL for a statement of kind ${statement.kind}`, {
      span: statement.span,
      hint: 'PromQL only reads: one expression over series.',
    });
  },
  recognize: recognizePromql,
};
