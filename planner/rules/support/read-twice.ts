import { notSupported } from '../../../src/types/error.ts';
import { sharedOf } from '../../logical/build.ts';
import type { LogicalPlan, Shared } from '../../logical/plan.ts';
import type { ColumnFactory } from '../rule.ts';
import { type Copy, copyPlan } from './clone.ts';
import { outerColumns } from './columns.ts';
import { isRepeatable } from './repeatable.ts';

/** A plan in two places of a query: `first` has the plan's own columns. */
export interface Twice {
  readonly first: LogicalPlan;
  readonly second: Copy;
}

/** Two plans of the same rows: a copy where running it again gives them, otherwise two readers of rows that are computed once. */
export function readTwice(plan: LogicalPlan, factory: ColumnFactory): Twice {
  const first = isRepeatable(plan) ? plan : shareRows(plan, factory);
  return { first, second: copyPlan(first, factory) };
}

/** Throws 0A000 under an Apply whose left side the plan reads: its rows are others for each outer row. */
function shareRows(plan: LogicalPlan, factory: ColumnFactory): Shared {
  if (outerColumns(plan).size > 0) {
    throw notSupported('a correlated subquery over random() or LIMIT that another subquery or FULL JOIN reads', {
      hint: 'Write it as a join, or move the reference to the outer query into its WHERE clause.',
    });
  }
  // Under other names: the plan's own are the reader's.
  const source = { plan: copyPlan(plan, factory).plan };
  return sharedOf(
    source,
    plan.columns.map((_, position) => position),
    plan.columns,
  );
}
