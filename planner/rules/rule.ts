import type { DataType } from '../../src/types/data-type.ts';
import type { Catalog } from '../catalog.ts';
import type { Column } from '../expression.ts';
import type { LogicalPlan } from '../logical/plan.ts';

/** Makes columns that nothing else in the query has. */
export interface ColumnFactory {
  newColumn(name: string, type: DataType, nullable: boolean): Column;
}

/** What a rule may use besides the plan. */
export interface RuleContext extends ColumnFactory {
  readonly catalog: Catalog;
}

/**
 * A rewrite of the whole plan. It returns the same object when it changed nothing, keeps the columns of the root (ids,
 * order, types; a column may become NOT NULL, never the reverse), and is sound on its own: switching any other rule off
 * must not make it wrong.
 *
 * The docstring of each rule says: the pattern it looks for, the guard, the replacement, and when it must not fire,
 * with a counter-example in SQL.
 */
export interface Rule {
  /** Verb first, as EXPLAIN VERBOSE and `disabled_rules` name it. */
  readonly name: string;
  apply(plan: LogicalPlan, context: RuleContext): LogicalPlan;
}
