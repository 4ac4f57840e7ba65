import { LumaError, notSupported, SQLSTATE } from '../../src/types/error.ts';
import type { ColumnId } from '../expression.ts';
import type { LogicalPlan, LogicalQuery, SharedSource } from '../logical/plan.ts';
import { idsOf } from '../rules/support/columns.ts';
import { Estimator } from '../statistics/derive.ts';
import { needsRule, type PhysicalContext } from './context.ts';
import type { PhysicalPlan, PhysicalQuery } from './plan.ts';
import { planAggregate } from './plan-aggregate.ts';
import { planJoin } from './plan-join.ts';
import { planLimit, planSingleRow, planSort, planWindow } from './plan-order.ts';
import { planFilter, planProject, planUnionAll } from './plan-rows.ts';
import { planConstantRows, planScan, planSeries, planShared, planTableFunction } from './plan-sources.ts';

/**
 * Picks an operator for each step of a rewritten query, numbers them from the root, and lets each deliver only what is
 * read above it. `optimize` rewrites what is computed once and read several times. Throws 0A000 for dependent joins, which no operator executes.
 */
export function planPhysical(query: LogicalQuery, optimize: (plan: LogicalPlan) => LogicalPlan = (plan) => plan): PhysicalQuery {
  const planner = new PhysicalPlanner(optimize);
  const plan = planner.plan(query.plan, new Set(query.output.map((column) => column.id)));
  const columns = new Map(plan.columns.map((column) => [column.id, column]));
  return {
    plan,
    output: query.output.map(({ name, id }) => {
      const column = columns.get(id);
      if (column === undefined) throw new LumaError(SQLSTATE.internalError, `the plan does not deliver output column ${name}`);
      return { name, id, type: column.type, nullable: column.nullable };
    }),
    parameters: query.parameters,
  };
}

class PhysicalPlanner implements PhysicalContext {
  readonly estimator = new Estimator();
  readonly #optimize: (plan: LogicalPlan) => LogicalPlan;
  readonly #shared = new Map<SharedSource, PhysicalPlan>();
  #node = 0;

  constructor(optimize: (plan: LogicalPlan) => LogicalPlan) {
    this.#optimize = optimize;
  }

  nextNode(): number {
    this.#node += 1;
    return this.#node;
  }

  planShared(source: SharedSource): PhysicalPlan {
    const known = this.#shared.get(source);
    if (known !== undefined) return known;
    const planned = this.plan(this.#optimize(source.plan), idsOf(source.plan.columns));
    this.#shared.set(source, planned);
    return planned;
  }

  plan(plan: LogicalPlan, needed: ReadonlySet<ColumnId>): PhysicalPlan {
    switch (plan.kind) {
      case 'scan':
        return planScan(plan, [], needed, this);
      case 'one_row':
      case 'empty':
      case 'values':
        return planConstantRows(plan, needed, this);
      case 'table_function':
        return planTableFunction(plan, this);
      case 'series_scan':
        return planSeries(plan, needed, this);
      case 'shared':
        return planShared(plan, needed, this);
      case 'filter':
        return planFilter(plan, needed, this);
      case 'project':
        return planProject(plan, needed, this);
      case 'aggregate':
        return planAggregate(plan, needed, this);
      case 'join':
        return planJoin(plan, needed, this);
      case 'sort':
        return planSort(plan, needed, this);
      case 'limit':
        return planLimit(plan, needed, this);
      case 'single_row':
        return planSingleRow(plan, needed, this);
      case 'window':
        return planWindow(plan, needed, this);
      case 'set_operation':
        if (plan.operator !== 'union' || !plan.all) throw needsRule('a distinct set operation', 'RewriteSetOperations');
        return planUnionAll(plan, needed, this);
      case 'apply':
        throw notSupported('a correlated subquery of this form', {
          hint: 'Write it as a join, or move the reference to the outer query into its WHERE clause.',
        });
    }
  }
}
