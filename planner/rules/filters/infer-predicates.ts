import type { BoundExpression } from '../../expression.ts';
import { expressionKey, substituteColumns } from '../../expression-visit.ts';
import { filterUnlessTrue, joinOf } from '../../logical/build.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { idsOf } from '../support/columns.ts';
import { equalityClasses } from '../support/equality-classes.ts';
import { type ColumnPredicate, columnPredicates, knownPredicates } from './known-predicates.ts';

type Predicates = readonly BoundExpression[];

/**
 * Pattern: columns that filters and inner joins make equal, one of them with a predicate of its own:
 * `l.k = r.k AND l.k > 100`.
 * Guard: the equality is strict, the types are the same, the predicate cannot raise and is not volatile.
 * Replacement: the predicate about the other columns too, `AND r.k > 100`, as a filter above, for PushFilters to move
 * down. Across a left, anti or mark join only to the right side, across a semi join to both.
 *
 * It must not fire
 * - toward the preserved side of an outer join: `FROM l LEFT JOIN (SELECT * FROM r WHERE k > 100) r ON l.k = r.k` keeps
 *   every row of l;
 * - with a predicate that can raise: in `l.k = r.k AND 10 / l.k > 2` no l.k need be 0 where some r.k is;
 * - over `IS NOT DISTINCT FROM` or the comparison of NOT IN, where NULLs of the other side count.
 */
export const InferPredicates: Rule = {
  name: 'InferPredicates',
  apply: (plan) => infer(plan),
};

function infer(plan: LogicalPlan): LogicalPlan {
  if (isRegion(plan)) return inferInRegion(plan);
  const inferred = mapInputs(plan, infer);
  return inferred.kind === 'join' && inferred.type !== 'full' ? inferAcrossJoin(inferred) : inferred;
}

/** Filters and inner joins: all their predicates hold together of the topmost's rows. */
function isRegion(plan: LogicalPlan): boolean {
  return plan.kind === 'filter' || (plan.kind === 'join' && plan.type === 'inner');
}

function inferInRegion(plan: LogicalPlan): LogicalPlan {
  const predicates: BoundExpression[] = [];
  const known: ColumnPredicate[] = [];
  const rebuilt = mapRegion(plan, predicates, known);
  known.push(...columnPredicates(predicates));
  const derived = derive(equalityClasses(predicates), known, known);
  return filterUnlessTrue(rebuilt, derived);
}

function mapRegion(plan: LogicalPlan, predicates: BoundExpression[], known: ColumnPredicate[]): LogicalPlan {
  if ((plan.kind === 'filter' || plan.kind === 'join') && isRegion(plan)) {
    predicates.push(...plan.predicates);
    return mapInputs(plan, (input) => mapRegion(input, predicates, known));
  }
  const leaf = infer(plan);
  known.push(...knownPredicates(leaf));
  return leaf;
}

function inferAcrossJoin(join: Join): LogicalPlan {
  const knownLeft = knownPredicates(join.left);
  const knownRight = knownPredicates(join.right);
  const classes = equalityClasses(join.nullAware ? join.predicates.slice(1) : join.predicates);
  const left = idsOf(join.left.columns);
  const right = idsOf(join.right.columns);
  const on = (side: ReadonlySet<number>) => classes.map((members) => members.filter((member) => side.has(member.id)));
  const toRight = derive(classes, knownLeft, knownRight, on(right));
  const toLeft = join.type === 'semi' ? derive(classes, knownRight, knownLeft, on(left)) : [];
  if (toRight.length === 0 && toLeft.length === 0) return join;
  return joinOf(join.type, filterUnlessTrue(join.left, toLeft), filterUnlessTrue(join.right, toRight), join.predicates, {
    mark: join.mark,
    nullAware: join.nullAware,
  });
}

/** The `known` predicates about members of a class, said of its `targets`, as far as that is news there. */
function derive(
  classes: readonly (readonly (BoundExpression & { readonly kind: 'column' })[])[],
  known: readonly ColumnPredicate[],
  alreadyThere: readonly ColumnPredicate[],
  targets = classes,
): Predicates {
  const seen = new Set(alreadyThere.map(({ predicate }) => expressionKey(predicate)));
  const derived: BoundExpression[] = [];
  classes.forEach((members, position) => {
    for (const { column, predicate } of known) {
      if (!members.some((member) => member.id === column)) continue;
      for (const target of targets[position] ?? []) {
        const said = substituteColumns(predicate, new Map([[column, target]]));
        const key = expressionKey(said);
        if (target.id === column || seen.has(key)) continue;
        seen.add(key);
        derived.push(said);
      }
    }
  });
  return derived;
}
