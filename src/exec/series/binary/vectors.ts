import type { SeriesBinaryPlan } from '../../../../planner/series-plan.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Groups, groupBy } from '../aggregate/groups.ts';
import { formatLabels } from '../labels/labels.ts';
import { mergeEqualSeries } from '../labels/unique.ts';
import { cellsOf, type Matrix } from '../matrix.ts';
import { matchLabels, signature } from './matching.ts';
import { COMPARISON } from './operators.ts';
import { combinePairs, type Pair } from './pairs.ts';

/** Arithmetic and comparison of two vectors whose series are matched by labels (promql/engine.go: VectorBinop). */
export async function combineVectors(
  run: QueryRun,
  plan: SeriesBinaryPlan<unknown>,
  left: Matrix,
  right: Matrix,
): Promise<Matrix> {
  const { matching, operator, returnBool, span } = plan;
  const keyOf = signature(matching);
  const swapped = matching.cardinality === 'one_to_many';
  const [many, one] = swapped ? [right, left] : [left, right];
  const oneGroups = groupBy(one.series, keyOf);
  refuseDuplicates(run, plan, one, many, oneGroups, swapped ? 'left' : 'right');
  const groupOf = new Map(oneGroups.labels.map((labels, group) => [labels.key, group]));
  const keepsName = COMPARISON[operator] !== undefined && !returnBool;
  const pairs: Pair[] = [];
  const keys: string[] = [];
  many.series.forEach((series, row) => {
    const { key } = keyOf(series);
    for (const other of oneGroups.members[groupOf.get(key) ?? -1] ?? []) {
      const otherSeries = one.series[other];
      if (otherSeries === undefined) continue;
      const labels = matchLabels(series, otherSeries, matching, keepsName);
      pairs.push(swapped ? { left: other, right: row, labels } : { left: row, right: other, labels });
      keys.push(key);
    }
  });
  if (matching.cardinality === 'one_to_one') refuseManyMatches(run, plan, left, right, pairs, keys);
  const result = await combinePairs(run, left, right, pairs, { operator, returnBool, kept: 'left' });
  return mergeEqualSeries(run, result, span);
}

/** Two series of the "one" side with one signature must not have values at the same step. */
function refuseDuplicates(
  run: QueryRun,
  plan: SeriesBinaryPlan<unknown>,
  one: Matrix,
  many: Matrix,
  groups: Groups,
  side: 'left' | 'right',
): void {
  const { steps } = one;
  const present = cellsOf(run, one).present;
  const other = cellsOf(run, many).present;
  groups.members.forEach((members, group) => {
    if (members.length < 2) return;
    for (let step = 0; step < steps; step++) {
      const there = members.filter((row) => present[row * steps + step] === 1);
      const [first, second] = there.flatMap((row) => one.series[row] ?? []);
      if (first === undefined || second === undefined) continue;
      // An empty other side matches nothing, so nothing is ambiguous.
      if (!many.series.some((_, row) => other[row * steps + step] === 1)) continue;
      const found = `found duplicate series for the match group ${formatLabels(groups.labels[group] ?? first)} on the ${side} hand-side of the operation`;
      throw new LumaError(
        SQLSTATE.cardinalityViolation,
        `${found}: [${formatLabels(second)}, ${formatLabels(first)}];many-to-many matching not allowed: matching labels must be unique on one side`,
        { span: plan.span, hint: 'Match on more labels, or aggregate that side first.' },
      );
    }
  });
}

/** Two series of the left side must not match at one step, even where a comparison would then drop them. */
function refuseManyMatches(
  run: QueryRun,
  plan: SeriesBinaryPlan<unknown>,
  left: Matrix,
  right: Matrix,
  pairs: readonly Pair[],
  keys: readonly string[],
): void {
  const { steps } = left;
  const [leftPresent, rightPresent] = [cellsOf(run, left).present, cellsOf(run, right).present];
  for (const rivals of Map.groupBy(pairs, (_, i) => keys[i] ?? '').values()) {
    if (rivals.length < 2) continue;
    for (let step = 0; step < steps; step++) {
      const matches = rivals.filter(
        (pair) => leftPresent[pair.left * steps + step] === 1 && rightPresent[pair.right * steps + step] === 1,
      );
      if (matches.length < 2) continue;
      throw new LumaError(
        SQLSTATE.cardinalityViolation,
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        { span: plan.span, hint: 'Add group_left() or group_right(), or match on more labels.' },
      );
    }
  }
}
