import type { Catalog } from './catalog.ts';
import type { LogicalPlan, LogicalQuery } from './logical/plan.ts';
import type { PhysicalQuery } from './physical/plan.ts';
import { planPhysical } from './physical/plan-physical.ts';
import { applyRules, checkRuleNames, type RuleTrace } from './rules/driver.ts';
import { RULES } from './rules/order.ts';
import type { ColumnFactory, RuleContext } from './rules/rule.ts';

export interface PlanningContext {
  readonly catalog: Catalog;
  /** The factory that bound the query: rules make further columns with it. */
  readonly columns: ColumnFactory;
  /** Names of rules to leave out. */
  readonly disabledRules: ReadonlySet<string>;
}

export interface PlannedQuery {
  readonly physical: PhysicalQuery;
  /** What each rule did, in order. */
  readonly trace: readonly RuleTrace[];
  readonly optimized: LogicalPlan;
}

/**
 * Rewrites a bound query and plans its execution. Throws 0A000 for what the executor has no operator for (a correlated
 * subquery that no rule could unnest), 22023 for a disabled rule that does not exist.
 */
export function planQuery(query: LogicalQuery, { catalog, columns, disabledRules }: PlanningContext): PlannedQuery {
  checkRuleNames(disabledRules, RULES);
  const context: RuleContext = { catalog, newColumn: (name, type, nullable) => columns.newColumn(name, type, nullable) };
  const { plan, trace } = applyRules(query.plan, RULES, disabledRules, context);
  const all = [...trace];
  const physical = planPhysical({ ...query, plan }, (source) => {
    const rewritten = applyRules(source, RULES, disabledRules, context);
    all.push(...rewritten.trace);
    return rewritten.plan;
  });
  return { physical, trace: all, optimized: plan };
}
