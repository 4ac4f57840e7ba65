import { describe, expect, it } from 'vitest';
import { equalTrees } from '../../../grammars/ast/visit-spans.ts';
import { parseSeriesExpression } from '../../../grammars/promql/parser.ts';
import { printSeriesExpression } from '../../../grammars/promql/printer.ts';
import { LumaError } from '../../../src/types/error.ts';
import { evaluations, suiteExists } from './suite.ts';

/** Source: the promqltest scripts of Prometheus 3 (promql/promqltest/testdata). */
describe.skipIf(!suiteExists)('the evaluations of Prometheus', () => {
  const all = evaluations();

  it('are there', () => expect(all.length).toBeGreaterThan(350));

  it.each(all)('$file:$line $query', ({ query, fails }) => {
    let expression: ReturnType<typeof parseSeriesExpression>;
    try {
      expression = parseSeriesExpression(query);
    } catch (error) {
      if (!(error instanceof LumaError)) throw error;
      // Only what the suite expects to fail, or what LumaDB openly does not take.
      expect(fails || error.code === '0A000', `${error.code} ${error.message}`).toBe(true);
      expect(error.span).toBeDefined();
      return;
    }
    const printed = printSeriesExpression(expression);
    expect(equalTrees(parseSeriesExpression(printed), expression), printed).toBe(true);
  });
});
