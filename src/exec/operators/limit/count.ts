import type { BoundExpression } from '../../../../planner/expression.ts';
import { transformExpression } from '../../../../planner/expression-visit.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { evaluateConstant } from '../../expression/evaluate.ts';
import type { QueryRun } from '../../query-run.ts';

/** PostgreSQL 16, appendix A: invalid_row_count_in_limit_clause and …_in_result_offset_clause. */
const NEGATIVE = { LIMIT: '2201W', OFFSET: '2201X' } as const;

/** The value of a LIMIT or OFFSET: null when there is none, or when it is NULL, which means none (PostgreSQL, 7.6). */
export function rowCount(run: QueryRun, expression: BoundExpression | null, clause: 'LIMIT' | 'OFFSET'): number | null {
  if (expression === null) return null;
  const value = evaluateConstant(withParameters(run, expression));
  if (value === null) return null;
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw new LumaError(SQLSTATE.internalError, `${clause} is not an integer`, { span: expression.span });
  }
  if (value < 0) throw new LumaError(NEGATIVE[clause], `${clause} must not be negative`, { span: expression.span });
  return Number(value);
}

/** The expression with the run's values in place of parameters. */
export function withParameters(run: QueryRun, expression: BoundExpression): BoundExpression {
  return transformExpression(expression, (each) => {
    if (each.kind !== 'parameter') return each;
    const value = run.parameters[each.index - 1]?.value ?? null;
    return { kind: 'constant', value, type: each.type, nullable: value === null, span: each.span };
  });
}
