import type { SeriesBinaryPlan } from '../../../../planner/series-plan.ts';
import type { QueryRun } from '../../query-run.ts';
import { NO_LABELS, withoutName } from '../labels/labels.ts';
import { mergeEqualSeries } from '../labels/unique.ts';
import type { Matrix } from '../matrix.ts';
import { COMPARISON } from './operators.ts';
import { combinePairs } from './pairs.ts';
import { combineSets } from './sets.ts';
import { combineVectors } from './vectors.ts';

export async function evaluateBinary(
  run: QueryRun,
  plan: SeriesBinaryPlan<unknown>,
  left: Matrix,
  right: Matrix,
): Promise<Matrix> {
  const { operator, returnBool } = plan;
  if (operator === 'and' || operator === 'or' || operator === 'unless') return combineSets(run, plan, left, right);
  const [leftVector, rightVector] = [plan.left.type === 'vector', plan.right.type === 'vector'];
  if (leftVector && rightVector) return combineVectors(run, plan, left, right);
  if (!leftVector && !rightVector) {
    return combinePairs(run, left, right, [{ left: 0, right: 0, labels: NO_LABELS }], { operator, returnBool, kept: 'left' });
  }
  const vector = leftVector ? left : right;
  const keepsName = COMPARISON[operator] !== undefined && !returnBool;
  const pairs = vector.series.map((series, row) => ({
    left: leftVector ? row : 0,
    right: leftVector ? 0 : row,
    labels: keepsName ? series : withoutName(series),
  }));
  const result = await combinePairs(run, left, right, pairs, { operator, returnBool, kept: leftVector ? 'left' : 'right' });
  return mergeEqualSeries(run, result, plan.span);
}
