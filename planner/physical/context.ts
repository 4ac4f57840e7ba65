import { type LumaError, notSupported } from '../../src/types/error.ts';
import type { Column, ColumnId } from '../expression.ts';
import type { LogicalPlan, SharedSource } from '../logical/plan.ts';
import type { Estimator } from '../statistics/derive.ts';
import type { Estimate, PhysicalPlan } from './plan.ts';

/** What planning one operator may use. */
export interface PhysicalContext {
  readonly estimator: Estimator;
  /** The next node number; operators take theirs before their inputs do. */
  nextNode(): number;
  /** Plans an input of which only the `needed` columns are read. */
  plan(plan: LogicalPlan, needed: ReadonlySet<ColumnId>): PhysicalPlan;
  /** The plan of a source, with all of its columns; the same one for all readers. */
  planShared(source: SharedSource): PhysicalPlan;
}

/** The columns that an operator delivers when these are needed, in its own order. */
export function delivered(columns: readonly Column[], needed: ReadonlySet<ColumnId>): readonly Column[] {
  return columns.filter((column) => needed.has(column.id));
}

/** Expected rows, and the operator's own cost on top of its inputs'. */
export function estimateOf(rows: number, own: number, inputs: readonly PhysicalPlan[] = []): Estimate {
  return { rows, cost: inputs.reduce((sum, input) => sum + input.estimate.cost, own) };
}

/** For what the executor has no operator for, because the rule that expresses it by others is switched off. */
export function needsRule(what: string, rule: string): LumaError {
  return notSupported(`${what} without the optimizer rule ${rule}`, { hint: `Remove ${rule} from disabled_rules.` });
}
