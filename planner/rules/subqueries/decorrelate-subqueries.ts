import type { BoundExpression } from '../../expression.ts';
import { expressionKey, substituteColumns } from '../../expression-visit.ts';
import { applyOf, filterOf, joinOf, passThrough, projectOf, singleRowOf } from '../../logical/build.ts';
import type { Apply, Join, LogicalPlan, Project } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { idsOf, outerColumns, select } from '../support/columns.ts';
import { constantCount } from '../support/counts.ts';
import { givesAtMostOneRow, givesOneRow } from './cardinality.ts';
import { unnest, unnestSingleRow } from './unnest.ts';
import { asCorrelation, completeRows, type LeftSide, leftSide, oneRowItems, type Unnested } from './unnested.ts';

/**
 * Pattern: a dependent join: a subquery that is evaluated per row of what stands left of it.
 * Guard: none; the innermost first.
 * Replacement: a join. Without a reference to the left side it is one already (a scalar subquery becomes a cross product
 * with its single row). Otherwise the references are pulled up into the join condition: a filter gives up its conjunct, an
 * aggregate groups by the inner side of `inner = outer`, LIMIT becomes a number per group; where an operator needs the
 * outer value itself, the subquery is joined with the left side's distinct values (Neumann and Kemper, BTW 2015).
 * What cannot be unnested raises 0A000.
 *
 * An empty group must not vanish: `SELECT (SELECT count(*) FROM r WHERE r.k = l.k) FROM l` gives 0 where grouping gives
 * no row, so aggregates without keys are outer joined and count becomes `coalesce(count, 0)`. NULL must not match NULL:
 * with `r.k = l.k` a NULL l.k finds nothing, whatever groups there are. A scalar subquery may raise 21000 only for left
 * rows that exist, so its groups are cut to them first.
 */
export const DecorrelateSubqueries: Rule = {
  name: 'DecorrelateSubqueries',
  apply: (plan, context) => transformUp(plan, (each) => (each.kind === 'apply' ? decorrelate(each, context) : each)),
};

function decorrelate(apply: Apply, context: RuleContext): LogicalPlan {
  const columns = idsOf(apply.left.columns);
  const correlated = [...outerColumns(apply.right)].some((id) => columns.has(id));
  const simpler = simplify(apply, correlated);
  if (simpler !== undefined) return simpler.apply(decorrelate(simpler.inner, context));
  return correlated ? decorrelateRight(apply, leftSide(apply.left, context)) : independentJoin(apply);
}

/** An equal dependent join with less in its right side, and what to put above its replacement. */
interface Simpler {
  readonly inner: Apply;
  apply(replaced: LogicalPlan): LogicalPlan;
}

function simplify(apply: Apply, correlated: boolean): Simpler | undefined {
  const { type, left, right, predicates } = apply;
  const rebuilt = (changes: Partial<Pick<Apply, 'type' | 'right' | 'predicates'>>) =>
    applyOf(changes.type ?? type, left, changes.right ?? right, changes.predicates ?? predicates, apply);
  const same = (replaced: LogicalPlan) => replaced;
  if (type === 'single' && predicates.length > 0) {
    return { inner: rebuilt({ right: filterOf(right, predicates), predicates: [] }), apply: same };
  }
  if (!correlated) return undefined;
  if (right.kind === 'sort') return { inner: rebuilt({ right: right.input }), apply: same };
  if (asksForExistence(apply) && (right.kind === 'project' || takesARow(right))) {
    return { inner: rebuilt({ right: right.input }), apply: same };
  }
  if (type === 'inner' && predicates.length > 0) {
    return { inner: rebuilt({ predicates: [] }), apply: (replaced) => filterOf(replaced, predicates) };
  }
  if ((type === 'single' || type === 'left') && predicates.length === 0 && givesOneRow(right)) {
    return { inner: rebuilt({ type: 'inner' }), apply: same };
  }
  if (type === 'inner' && right.kind === 'project') {
    return {
      inner: rebuilt({ right: right.input }),
      apply: (replaced) => projectOf(replaced, [...left.columns.map(passThrough), ...computedOver(right, replaced)]),
    };
  }
  return undefined;
}

/** The items over columns that may have become nullable on the way. */
function computedOver(project: Project, input: LogicalPlan): Project['items'] {
  const delivered = new Map(input.columns.map((column) => [column.id, passThrough(column).expression]));
  return project.items.map(({ output, expression }) => {
    const value = substituteColumns(expression, delivered);
    return { output: { ...output, nullable: value.nullable }, expression: value };
  });
}

function asksForExistence(apply: Apply): boolean {
  return (apply.type === 'semi' || apply.type === 'anti' || apply.type === 'mark') && apply.predicates.length === 0;
}

/** A LIMIT that leaves a row if there is one. */
function takesARow(plan: LogicalPlan): plan is LogicalPlan & { readonly kind: 'limit' } {
  if (plan.kind !== 'limit' || plan.offset !== null) return false;
  return plan.count === null || (constantCount(plan.count) ?? 0n) >= 1n;
}

function independentJoin(apply: Apply): LogicalPlan {
  const { type, left, right, predicates, mark, nullAware } = apply;
  if (type !== 'single') return joinOf(type, left, right, predicates, { mark, nullAware });
  return joinOf('inner', left, givesOneRow(right) ? right : singleRowOf(right), predicates);
}

function decorrelateRight(apply: Apply, left: LeftSide): LogicalPlan {
  const unnested = unnestRight(apply, left);
  const { type, predicates, mark, nullAware } = apply;
  if (unnested.oneRow !== null && (type === 'single' || type === 'inner' || type === 'left') && predicates.length === 0) {
    const joined = joinOf('left', left.plan, unnested.plan, unnested.predicates);
    return projectOf(joined, [...left.plan.columns.map(passThrough), ...oneRowItems(unnested.oneRow)]);
  }
  const { plan, predicates: pulled } = completeRows(unnested, left);
  const kind: Join['type'] = type === 'single' ? 'left' : type;
  return select(joinOf(kind, left.plan, plan, [...predicates, ...pulled], { mark, nullAware }), apply.columns);
}

function unnestRight({ type, right }: Apply, left: LeftSide): Unnested {
  if (type !== 'single' || givesAtMostOneRow(right)) return unnest(right, left);
  const unnested = unnest(right, left);
  return isUniquePerLeftRow(unnested, left) ? unnested : unnestSingleRow(right, left);
}

/** Whether the plan groups by nothing but what the predicates fix for a left row. */
function isUniquePerLeftRow({ plan, predicates }: Unnested, left: LeftSide): boolean {
  const grouping = plan.kind === 'project' || plan.kind === 'filter' ? plan.input : plan;
  if (grouping.kind !== 'aggregate' || grouping.keys.length === 0) return false;
  const fixed = new Set(predicates.flatMap((each) => innerKey(each, left)));
  return grouping.keys.every((key) => fixed.has(expressionKey(passThrough(key.output).expression)));
}

function innerKey(predicate: BoundExpression, left: LeftSide): readonly string[] {
  const correlation = asCorrelation(predicate, left);
  return correlation === undefined ? [] : [expressionKey(correlation.inner)];
}
