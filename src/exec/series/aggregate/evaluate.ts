import type { SeriesAggregate } from '../../../../planner/series-plan.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../types/error.ts';
import { dropsLabel } from '../../../types/series.ts';
import type { QueryRun } from '../../query-run.ts';
import { cellsOf, type Matrix } from '../matrix.ts';
import { groupSeries } from './groups.ts';
import { bottomK, limitK, pickRows, topK } from './ranked.ts';
import { reduceGroups } from './reduce.ts';
import { REDUCERS } from './reducers.ts';
import { countValues, quantileOfGroups } from './valued.ts';

const PICKS = { topk: topK, bottomk: bottomK, limitk: limitK } as const;

/** `parameter` is the evaluated scalar, or the text of count_values. */
export async function evaluateAggregation(
  run: QueryRun,
  plan: SeriesAggregate<unknown>,
  operand: Matrix,
  parameter: Matrix | string | null,
): Promise<Matrix> {
  const groups = groupSeries(operand.series, plan.grouping);
  const reducer = REDUCERS[plan.operator];
  if (reducer !== undefined) return reduceGroups(run, plan.operator, reducer, operand, groups);
  switch (plan.operator) {
    case 'topk':
    case 'bottomk':
    case 'limitk':
      return pickRows(run, operand, groups, checkedLimit(run, plan, parameter), PICKS[plan.operator]);
    case 'quantile':
      return quantileOfGroups(run, operand, groups, scalarOf(plan, parameter));
    case 'count_values':
      if (typeof parameter !== 'string') throw missing(plan);
      return countValues(run, operand, groups, parameter, dropsLabel(plan.grouping, parameter));
    default:
      throw notSupported(`the aggregation ${plan.operator}`, { span: plan.span });
  }
}

/** A NaN limit is an error (promql/engine.go: "Parameter value is NaN"), as is one beyond int64. */
function checkedLimit(run: QueryRun, plan: SeriesAggregate<unknown>, parameter: Matrix | string | null): Matrix {
  const limits = scalarOf(plan, parameter);
  for (const limit of cellsOf(run, limits).values) {
    const wrong = Number.isNaN(limit)
      ? 'Parameter value is NaN'
      : Math.abs(limit) >= 2 ** 63
        ? `Scalar value ${limit} overflows int64`
        : undefined;
    if (wrong !== undefined)
      throw new LumaError(SQLSTATE.invalidParameterValue, wrong, { span: plan.parameter?.span ?? plan.span });
  }
  return limits;
}

function scalarOf(plan: SeriesAggregate<unknown>, parameter: Matrix | string | null): Matrix {
  if (parameter === null || typeof parameter === 'string') throw missing(plan);
  return parameter;
}

function missing(plan: SeriesAggregate<unknown>): LumaError {
  return new LumaError(SQLSTATE.internalError, `${plan.operator} has no parameter`, { span: plan.span });
}
