import { INT64 } from '../../../src/types/data-type.ts';
import { constantOf } from '../../expression-build.ts';
import { isVolatile } from '../../expression-visit.ts';
import { limitOf } from '../../logical/build.ts';
import type { Limit, LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { constantCount } from '../support/counts.ts';

/**
 * Pattern: LIMIT above a projection, UNION ALL, a left or mark join, or another LIMIT.
 * Guard: for all but the projection, the count is a constant.
 * Replacement: below the projection, so that it meets the sort and becomes a top-N; into each input of UNION ALL and the
 * left side of the join as well, offset and count together, the original staying where it is; of two limits one.
 *
 * It must not go into an input of an inner join, which may drop the few rows taken: `SELECT * FROM l JOIN r ON l.k = r.k
 * LIMIT 1` may need many rows of l; nor below a filter, DISTINCT or GROUP BY; nor move a volatile projection.
 */
export const PushLimit: Rule = {
  name: 'PushLimit',
  apply: (plan) => push(plan),
};

function push(plan: LogicalPlan): LogicalPlan {
  const pushed = plan.kind === 'limit' ? pushDown(plan) : plan;
  return mapInputs(pushed, push);
}

function pushDown(plan: Limit): LogicalPlan {
  const { input } = plan;
  switch (input.kind) {
    case 'project':
      if (input.items.some((item) => isVolatile(item.expression))) return plan;
      return mapInputs(input, (below) => pushDown(limitOf(below, plan.count, plan.offset)));
    case 'limit':
      return merge(plan, input);
    case 'set_operation': {
      const rows = rowsTaken(plan);
      if (rows === undefined || input.operator !== 'union' || !input.all) return plan;
      return mapInputs(plan, () => mapInputs(input, (each) => atMost(each, rows)));
    }
    case 'join': {
      const rows = rowsTaken(plan);
      if (rows === undefined || (input.type !== 'left' && input.type !== 'mark')) return plan;
      return mapInputs(plan, () => mapInputs(input, (each, position) => (position === 0 ? atMost(each, rows) : each)));
    }
    default:
      return plan;
  }
}

/** Offset and count together: more rows than that are never looked at. */
function rowsTaken(plan: Limit): bigint | undefined {
  const count = constantCount(plan.count);
  const offset = plan.offset === null ? 0n : constantCount(plan.offset);
  return count === undefined || offset === undefined || count < 0n || offset < 0n ? undefined : count + offset;
}

function atMost(plan: LogicalPlan, rows: bigint): LogicalPlan {
  if (plan.kind === 'limit' && plan.offset === null) {
    const count = constantCount(plan.count);
    if (count !== undefined && count <= rows) return plan;
  }
  return limitOf(plan, constantOf(rows, INT64), null);
}

/** LIMIT c OFFSET o over LIMIT d OFFSET p: rows p + o up to the nearer of p + d and p + o + c. */
function merge(outer: Limit, inner: Limit): LogicalPlan {
  const offsets = [outer, inner].map((each) => (each.offset === null ? 0n : constantCount(each.offset)));
  const counts = [outer, inner].map((each) => (each.count === null ? null : constantCount(each.count)));
  const [outerOffset, innerOffset] = offsets;
  const [outerCount, innerCount] = counts;
  if (outerOffset === undefined || innerOffset === undefined || outerCount === undefined || innerCount === undefined)
    return outer;
  if ([...offsets, ...counts].some((each) => typeof each === 'bigint' && each < 0n)) return outer;
  const left = innerCount === null ? null : innerCount > outerOffset ? innerCount - outerOffset : 0n;
  const count = left === null ? outerCount : outerCount === null || outerCount > left ? left : outerCount;
  const offset = outerOffset + innerOffset;
  return limitOf(inner.input, count === null ? null : constantOf(count, INT64), offset === 0n ? null : constantOf(offset, INT64));
}
