import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stripSpans } from '../../../grammars/ast/visit-spans.ts';
import { parseSeriesExpression } from '../../../grammars/promql/parser.ts';
import { printSeriesExpression } from '../../../grammars/promql/printer.ts';
import { seriesExpression } from './arbitrary.ts';

it('parses what it prints back to the same tree', () => {
  fc.assert(
    fc.property(seriesExpression(), (expression) => {
      const printed = printSeriesExpression(expression);
      expect(stripSpans(parseSeriesExpression(printed)), printed).toEqual(stripSpans(expression));
    }),
    { numRuns: 200 },
  );
});
