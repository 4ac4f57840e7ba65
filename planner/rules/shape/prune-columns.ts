import type { ColumnId } from '../../expression.ts';
import { aggregateOf, projectOf, scanOf, setOperationOf, valuesOf, windowOf } from '../../logical/build.ts';
import type { LogicalPlan, SetOperation } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { idsOf, select } from '../support/columns.ts';
import { neededOfInput } from '../support/needed.ts';
import { keepIfSame } from '../support/structure.ts';

/**
 * Pattern: any operator that delivers what nothing above reads.
 * Guard: none for columns; rows stay as they are.
 * Replacement: scans of fewer columns, projections of fewer items, aggregates and windows of fewer calls, UNION ALL of
 * fewer columns.
 *
 * It must not narrow an operator whose columns decide about rows: the keys of an aggregate, the inputs of UNION,
 * INTERSECT and EXCEPT. `SELECT a FROM (SELECT a, b FROM t UNION SELECT a, b FROM u)` keeps rows that differ in b only.
 */
export const PruneColumns: Rule = {
  name: 'PruneColumns',
  apply: (plan) => keepIfSame(plan, prune(plan, idsOf(plan.columns))),
};

function prune(plan: LogicalPlan, needed: ReadonlySet<ColumnId>): LogicalPlan {
  switch (plan.kind) {
    case 'scan': {
      const kept = plan.columns.flatMap((column, position) => (needed.has(column.id) ? [position] : []));
      return scanOf(plan.table, plan.alias, pick(plan.positions, kept), pick(plan.columns, kept));
    }
    case 'values': {
      const kept = plan.columns.flatMap((column, position) => (needed.has(column.id) ? [position] : []));
      return valuesOf(
        plan.rows.map((row) => pick(row, kept)),
        pick(plan.columns, kept),
      );
    }
    case 'empty':
      return { ...plan, columns: plan.columns.filter((column) => needed.has(column.id)) };
    case 'project':
      return projectOf(
        pruneInput(plan, plan.input, needed),
        plan.items.filter((item) => needed.has(item.output.id)),
      );
    case 'aggregate': {
      const calls = plan.aggregates.filter((call) => needed.has(call.output.id));
      if (plan.keys.length === 0 && calls.length === 0) return { kind: 'one_row', columns: [] };
      return aggregateOf(pruneInput(plan, plan.input, needed), plan.keys, calls);
    }
    case 'window': {
      const input = pruneInput(plan, plan.input, needed);
      const calls = plan.calls.filter((call) => needed.has(call.output.id));
      return calls.length === 0 ? input : windowOf(input, plan.partitionBy, plan.orderBy, calls);
    }
    case 'set_operation':
      return pruneSet(plan, needed);
    default:
      return mapInputs(plan, (input, position) => prune(input, neededOfInput(plan, position, needed)));
  }
}

function pruneInput(plan: LogicalPlan, input: LogicalPlan, needed: ReadonlySet<ColumnId>): LogicalPlan {
  return prune(input, neededOfInput(plan, 0, needed));
}

/** Inputs of a set operation are matched by position, so each delivers exactly its columns. */
function pruneSet(plan: SetOperation, needed: ReadonlySet<ColumnId>): LogicalPlan {
  const all = plan.operator !== 'union' || !plan.all;
  const kept = plan.columns.flatMap((column, position) => (all || needed.has(column.id) ? [position] : []));
  const inputs = plan.inputs.map((input, position) =>
    select(prune(input, neededOfInput(plan, position, needed)), pick(input.columns, kept)),
  );
  return setOperationOf(plan.operator, plan.all, inputs, pick(plan.columns, kept));
}

function pick<T>(list: readonly T[], positions: readonly number[]): readonly T[] {
  return positions.flatMap((position) => {
    const item = list[position];
    return item === undefined ? [] : [item];
  });
}
