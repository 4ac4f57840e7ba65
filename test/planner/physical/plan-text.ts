import { parse } from '../../../grammars/lql/parser.ts';
import { bindQuery } from '../../../planner/bind/bind.ts';
import { createColumnFactory } from '../../../planner/bind/column-factory.ts';
import type { Catalog } from '../../../planner/catalog.ts';
import type { ExplainedQuery } from '../../../planner/explain/explain.ts';
import { physicalInputs } from '../../../planner/explain/physical.ts';
import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import { planQuery } from '../../../planner/plan-query.ts';
import { smallCatalog } from '../rules/oracle/small-tables.ts';

const CATALOG = smallCatalog();

/** A query planned with all rules but the disabled ones. */
export function planned(sql: string, catalog: Catalog = CATALOG, disabled: readonly string[] = []): ExplainedQuery {
  const [statement] = parse(sql);
  if (statement?.kind !== 'query_statement') throw new Error(`not a query: ${sql}`);
  const columns = createColumnFactory();
  const logical = bindQuery(statement.query, catalog, { columns, now: 0n });
  return { ...planQuery(logical, { catalog, columns, disabledRules: new Set(disabled) }), logical };
}

/** Operators of a plan, parents first. */
export function operatorsOf(plan: PhysicalPlan): readonly PhysicalPlan[] {
  return [plan, ...physicalInputs(plan).flatMap(operatorsOf)];
}

/** The operators of one kind. */
export function ofKind<K extends PhysicalPlan['kind']>(
  plan: PhysicalPlan,
  kind: K,
): readonly (PhysicalPlan & { readonly kind: K })[] {
  return operatorsOf(plan).filter((each): each is PhysicalPlan & { readonly kind: K } => each.kind === kind);
}
