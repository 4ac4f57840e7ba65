import type { BoundExpression, ColumnId } from '../../expression.ts';
import { freeColumns, isVolatile, substituteColumns, usesOnly } from '../../expression-visit.ts';
import { filterUnlessTrue, joinOf } from '../../logical/build.ts';
import type { Aggregate, Apply, Join, LogicalPlan, Project, SetOperation, Window } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { definitionsOf, idsOf, replacing } from '../support/columns.ts';
import { keepIfSame } from '../support/structure.ts';

type Predicates = readonly BoundExpression[];

const NONE: Predicates = [];

/**
 * Pattern: a filter, or a conjunct of a join condition, above an operator that could be fed fewer rows instead.
 * Guard: the predicate is not volatile and reads only what lies on the side it moves to.
 * Replacement: the predicate as deep as it can go: through projections (with their items put in), sorts, grouping keys,
 * the partition keys of windows, every input of a set operation, both sides of an inner join, the preserved side of the
 * other joins; a conjunct of ON to the right side of left, semi, anti and mark joins. A filter over an inner join becomes
 * part of its condition.
 *
 * It must not fire
 * - below LIMIT: `SELECT * FROM (SELECT * FROM t LIMIT 10) WHERE a > 5` filters ten rows, it does not find ten;
 * - into the padded side of an outer join: in `FROM l LEFT JOIN r ON l.k = r.k WHERE r.v IS NULL` rows without a partner
 *   have r.v NULL, which no row of r need have;
 * - with a conjunct of ON over the preserved side: `FROM l LEFT JOIN r ON l.k = r.k AND l.v > 1` keeps every row of l;
 * - below an aggregate without keys: `SELECT count(*) FROM t HAVING false` gives no row, `… WHERE false` one;
 * - with the comparison of NOT IN: `1 NOT IN (SELECT a FROM t)` is NULL when an `a` is NULL, whatever filter drops it.
 */
export const PushFilters: Rule = {
  name: 'PushFilters',
  apply: (plan) => keepIfSame(plan, push(plan, NONE)),
};

/** The plan's rows for which `predicates` are true. */
function push(plan: LogicalPlan, predicates: Predicates): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return push(plan.input, [...plan.predicates, ...predicates]);
    case 'project':
      return pushThroughProject(plan, predicates);
    case 'aggregate':
      return pushThroughAggregate(plan, predicates);
    case 'join':
      return plan.type === 'inner' ? pushThroughInner(plan, predicates) : pushThroughJoin(plan, predicates);
    case 'apply':
      return pushThroughApply(plan, predicates);
    case 'sort':
      return mapInputs(plan, (input) => push(input, predicates));
    case 'set_operation':
      return pushThroughSet(plan, predicates);
    case 'window':
      return pushThroughWindow(plan, predicates);
    case 'scan':
    case 'one_row':
    case 'empty':
    case 'values':
    case 'limit':
    case 'single_row':
    case 'table_function':
    case 'series_scan':
    case 'shared':
      return above(
        mapInputs(plan, (input) => push(input, NONE)),
        predicates,
      );
  }
}

function above(plan: LogicalPlan, predicates: Predicates): LogicalPlan {
  return filterUnlessTrue(plan, predicates);
}

function pushThroughProject(plan: Project, predicates: Predicates): LogicalPlan {
  const volatile = new Set(plan.items.filter((item) => isVolatile(item.expression)).map((item) => item.output.id));
  const [moved, kept] = split(predicates, (predicate) => [...freeColumns(predicate)].every((id) => !volatile.has(id)));
  const definitions = definitionsOf(plan.items);
  const below = moved.map((predicate) => substituteColumns(predicate, definitions));
  return above(
    mapInputs(plan, (input) => push(input, below)),
    kept,
  );
}

function pushThroughAggregate(plan: Aggregate, predicates: Predicates): LogicalPlan {
  const keys = new Set(plan.keys.filter((key) => !isVolatile(key.expression)).map((key) => key.output.id));
  const [moved, kept] = split(predicates, (predicate) => plan.keys.length > 0 && usesOnly(predicate, keys));
  const definitions = definitionsOf(plan.keys);
  const below = moved.map((predicate) => substituteColumns(predicate, definitions));
  return above(
    mapInputs(plan, (input) => push(input, below)),
    kept,
  );
}

function pushThroughInner(plan: Join, predicates: Predicates): LogicalPlan {
  const left = idsOf(plan.left.columns);
  const right = idsOf(plan.right.columns);
  const volatile = predicates.filter(isVolatile);
  const all = [...plan.predicates, ...predicates.filter((predicate) => !isVolatile(predicate))];
  const [toLeft, notLeft] = split(all, (predicate) => usesOnly(predicate, left));
  const [toRight, both] = split(notLeft, (predicate) => usesOnly(predicate, right));
  return above(joinOf('inner', push(plan.left, toLeft), push(plan.right, toRight), both), volatile);
}

function pushThroughJoin(plan: Join, predicates: Predicates): LogicalPlan {
  const left = idsOf(plan.left.columns);
  const right = idsOf(plan.right.columns);
  const [toLeft, kept] = split(predicates, (predicate) => plan.type !== 'full' && usesOnly(predicate, left));
  const fixed = plan.nullAware ? plan.predicates.slice(0, 1) : NONE;
  const [toRight, rest] = split(
    plan.predicates.slice(fixed.length),
    (predicate) => plan.type !== 'full' && usesOnly(predicate, right),
  );
  const [alsoLeft, both] = split(rest, (predicate) => plan.type === 'semi' && usesOnly(predicate, left));
  const joined = joinOf(plan.type, push(plan.left, [...toLeft, ...alsoLeft]), push(plan.right, toRight), [...fixed, ...both], {
    mark: plan.mark,
    nullAware: plan.nullAware,
  });
  return above(joined, kept);
}

function pushThroughApply(plan: Apply, predicates: Predicates): LogicalPlan {
  const left = idsOf(plan.left.columns);
  const [toLeft, kept] = split(predicates, (predicate) => usesOnly(predicate, left));
  return above(
    mapInputs(plan, (input, position) => push(input, position === 0 ? toLeft : NONE)),
    kept,
  );
}

function pushThroughSet(plan: SetOperation, predicates: Predicates): LogicalPlan {
  const [moved, kept] = split(predicates, () => true);
  const pushed = mapInputs(plan, (input) => {
    const columns = replacing(plan.columns, input.columns);
    return push(
      input,
      moved.map((predicate) => substituteColumns(predicate, columns)),
    );
  });
  return above(pushed, kept);
}

function pushThroughWindow(plan: Window, predicates: Predicates): LogicalPlan {
  const partition = new Set<ColumnId>(plan.partitionBy.flatMap((key) => (key.kind === 'column' ? [key.id] : [])));
  // A predicate without columns would empty every partition alike; it moves too.
  const [moved, kept] = split(predicates, (predicate) => usesOnly(predicate, partition));
  return above(
    mapInputs(plan, (input) => push(input, moved)),
    kept,
  );
}

/** Those that may move and pass the test, and the others. */
function split(predicates: Predicates, moves: (predicate: BoundExpression) => boolean): [Predicates, Predicates] {
  const moved: BoundExpression[] = [];
  const kept: BoundExpression[] = [];
  for (const predicate of predicates) (moves(predicate) && !isVolatile(predicate) ? moved : kept).push(predicate);
  return [moved, kept];
}
