import { sameType } from '../../../src/types/data-type.ts';
import type { BoundExpression, Column, ColumnId, NamedExpression } from '../../expression.ts';
import { coalesceOf } from '../../expression-build.ts';
import { freeColumns, isVolatile, someExpression, substituteColumns, usesOnly } from '../../expression-visit.ts';
import { aggregateOf, columnRef, joinOf, passThrough, projectOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { asEquality, type Equality } from '../../logical/predicates.ts';
import type { RuleContext } from '../rule.ts';
import type { Copy } from '../support/clone.ts';
import { columnsOf, idsOf } from '../support/columns.ts';
import { sameValue } from '../support/functions.ts';
import { readTwice } from '../support/read-twice.ts';

/**
 * The right side of a dependent join made independent. For each left row o, the original gave the rows of `plan` for
 * which all `predicates` are true of o; `plan` itself no longer refers to the left side. (Neumann and Kemper, "Unnesting
 * Arbitrary Queries", BTW 2015, with predicates pulled up first, so that a join with the left side's distinct values is
 * needed only where an operator cannot do without.)
 */
export interface Unnested {
  readonly plan: LogicalPlan;
  /** Over the columns of `plan` and of the left side. */
  readonly predicates: readonly BoundExpression[];
  /**
   * Not null: the original was an aggregate without keys, one row for every left row. Then at most one row of `plan`
   * matches, and where none does the row is made of `onEmpty` ("count bug": a count over nothing is 0, not NULL).
   */
  readonly oneRow: readonly OneRowOutput[] | null;
}

export interface OneRowOutput {
  /** The original's column. */
  readonly output: Column;
  /** The column of `plan` that holds it where there is a match. */
  readonly source: Column;
  /** Null: the value is NULL without a match. */
  readonly onEmpty: BoundExpression | null;
}

/** The left side of the dependent join that is being removed. */
export interface LeftSide {
  /** What the join reads: with `again`, rows that are computed once, if running the plan twice would give other ones. */
  readonly plan: LogicalPlan;
  readonly columns: ReadonlySet<ColumnId>;
  readonly context: RuleContext;
  /** A further copy of the same rows. */
  again(): Copy;
}

export function leftSide(plan: LogicalPlan, context: RuleContext): LeftSide {
  let current = plan;
  return {
    get plan() {
      return current;
    },
    columns: idsOf(plan.columns),
    context,
    again: () => {
      const { first, second } = readTwice(current, context);
      current = first;
      return second;
    },
  };
}

/** The left columns that an expression reads. */
export function leftColumns(expressions: Iterable<BoundExpression>, left: LeftSide): Set<ColumnId> {
  return new Set([...columnsOf(expressions)].filter((id) => left.columns.has(id)));
}

export function readsLeft(expression: BoundExpression, left: LeftSide): boolean {
  return someExpression(expression, (each) => each.kind === 'column' && left.columns.has(each.id));
}

/** A predicate `inner = outer`: `inner` over the unnested plan alone, `outer` over the left side alone. */
export interface Correlation {
  readonly predicate: BoundExpression;
  readonly inner: BoundExpression;
  readonly outer: BoundExpression;
  readonly nullSafe: boolean;
}

export function asCorrelation(predicate: BoundExpression, left: LeftSide): Correlation | undefined {
  const equality = asEquality(predicate);
  if (equality === undefined || isVolatile(predicate)) return undefined;
  const oriented = (inner: BoundExpression, outer: BoundExpression, { nullSafe }: Equality): Correlation | undefined =>
    !readsLeft(inner, left) && freeColumns(inner).size > 0 && usesOnly(outer, left.columns)
      ? { predicate, inner, outer, nullSafe }
      : undefined;
  return oriented(equality.left, equality.right, equality) ?? oriented(equality.right, equality.left, equality);
}

export interface Binding {
  readonly unnested: Unnested;
  /** An expression over the plan for each wanted left column: equal to it on every row that the predicates let pass. */
  readonly values: ReadonlyMap<ColumnId, BoundExpression>;
}

/**
 * Makes left columns available inside the plan: by an equality that is there already (`r.k = l.k` makes r.k as good as
 * l.k), otherwise by joining the plan with the left side's distinct values. `always`: by the join alone, so that the plan
 * has rows of existing left values only.
 */
export function bind(unnested: Unnested, wanted: ReadonlySet<ColumnId>, left: LeftSide, always = false): Binding {
  const values = new Map<ColumnId, BoundExpression>();
  if (!always) {
    for (const predicate of unnested.predicates) {
      const correlation = asCorrelation(predicate, left);
      if (correlation === undefined || !standsFor(correlation)) continue;
      if (wanted.has(correlation.outer.id)) values.set(correlation.outer.id, correlation.inner);
    }
  }
  const missing = new Set([...wanted].filter((id) => !values.has(id)));
  if (missing.size === 0) return { unnested, values };
  // What the other predicates read comes with them: the combinations are no more than the left side's rows, while a second
  // join, where an operator above wants those columns, would multiply two sets of distinct values.
  const others = unnested.predicates.filter((predicate) => asCorrelation(predicate, left) === undefined);
  for (const id of leftColumns(others, left)) if (!values.has(id)) missing.add(id);

  const domain = domainOf(missing, left);
  for (const [id, column] of domain.columns) values.set(id, columnRef(column));
  const local: BoundExpression[] = [];
  const remaining: BoundExpression[] = [];
  for (const predicate of unnested.predicates) {
    const read = [...leftColumns([predicate], left)];
    const movable = read.some((id) => missing.has(id)) && read.every((id) => values.has(id));
    (movable ? local : remaining).push(movable ? substituteColumns(predicate, values) : predicate);
  }
  const plan = joinOf('inner', domain.plan, unnested.plan, local);
  return { unnested: { plan, predicates: [...remaining, ...domain.predicates], oneRow: null }, values };
}

/** Whether the inner expression can take the outer column's place: the same value, bit for bit, and no more often NULL. */
function standsFor(correlation: Correlation): correlation is Correlation & { readonly outer: { readonly kind: 'column' } } {
  const { inner, outer } = correlation;
  // -0.0 = 0.0, but 1 / -0.0 is not 1 / 0.0.
  if (outer.kind !== 'column' || !sameType(inner.type, outer.type) || outer.type.kind === 'float64') return false;
  return !inner.nullable || outer.nullable;
}

interface Domain {
  readonly plan: LogicalPlan;
  /** By left column. */
  readonly columns: ReadonlyMap<ColumnId, Column>;
  /** That the domain's columns are the left row's. */
  readonly predicates: readonly BoundExpression[];
}

/** The distinct combinations of these left columns, from a second copy of the left side. */
function domainOf(wanted: ReadonlySet<ColumnId>, left: LeftSide): Domain {
  const copy = left.again();
  const columns = new Map<ColumnId, Column>();
  const predicates: BoundExpression[] = [];
  for (const outer of left.plan.columns) {
    const column = copy.columns.get(outer.id);
    if (!wanted.has(outer.id) || column === undefined) continue;
    columns.set(outer.id, column);
    predicates.push(sameValue(left.context.catalog, columnRef(column), columnRef(outer)));
  }
  return { plan: aggregateOf(copy.plan, [...columns.values()].map(passThrough), []), columns, predicates };
}

/**
 * The same with a row for every left row, an empty aggregate's included, so that operators above may read it: the left
 * side's distinct values, outer joined.
 */
export function completeRows(unnested: Unnested, left: LeftSide): Unnested {
  const { plan, predicates, oneRow } = unnested;
  if (oneRow === null) return unnested;
  const domain = domainOf(leftColumns(predicates, left), left);
  const values = new Map([...domain.columns].map(([id, column]) => [id, columnRef(column)]));
  const joined = joinOf(
    'left',
    domain.plan,
    plan,
    predicates.map((predicate) => substituteColumns(predicate, values)),
  );
  const items = [...domain.plan.columns.map(passThrough), ...oneRowItems(oneRow)];
  return { plan: projectOf(joined, items), predicates: domain.predicates, oneRow: null };
}

/** The original columns over an outer join with `plan`. */
export function oneRowItems(outputs: readonly OneRowOutput[]): readonly NamedExpression[] {
  return outputs.map(({ output, source, onEmpty }) => {
    const value = { ...columnRef(source), nullable: true };
    const expression = onEmpty === null ? value : coalesceOf([value, onEmpty], output.type);
    return { output: { ...output, nullable: expression.nullable }, expression };
  });
}
