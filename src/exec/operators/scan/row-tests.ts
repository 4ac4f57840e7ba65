import type { BoundExpression } from '../../../../planner/expression.ts';
import { isCheap, neverRaises, onlyColumn } from '../../expression/analysis.ts';
import { emitCondition } from '../../expression/emit.ts';
import type { EarlyTests, PipelineBuilder, Row } from '../../pipeline/stream.ts';
import type { SourceColumn } from './columns.ts';

/** What a list of rows is reduced by, one row after the other. */
export interface RowTests {
  /** Each pushes 1 to keep a row, else 0. */
  readonly pushes: readonly ((pipeline: PipelineBuilder, row: Row) => void)[];
  /** Filters that are none of them. */
  readonly rest: readonly BoundExpression[];
  readonly counted: boolean;
}

/** The tests for the filters that SIMD did not take, then those of later steps; counting stands between them. */
export function planTests(
  columns: readonly SourceColumn[],
  filters: readonly BoundExpression[],
  { tests, count }: EarlyTests,
): RowTests {
  const pushes: RowTests['pushes'][number][] = [];
  const rest: BoundExpression[] = [];
  for (const filter of filters) {
    if (isTest(columns, filter)) pushes.push((_, row) => emitCondition(row, filter));
    else rest.push(filter);
  }
  const known = tests.filter((test) => columns.some(({ column }) => column.id === test.column));
  // the rows that pass the rest of the filters cannot be counted before they are tested
  if (known.length === 0 || (count !== null && rest.length > 0)) return { pushes, rest, counted: false };
  if (count !== null) {
    pushes.push(({ f }) => {
      count();
      f.i32(1);
    });
  }
  pushes.push(...known.map((test) => (pipeline: PipelineBuilder, row: Row) => test.push(pipeline, row)));
  return { pushes, rest, counted: count !== null };
}

/** Cheap for every row: arithmetic without branches, or a look-up by a dictionary's code. */
function isTest(columns: readonly SourceColumn[], filter: BoundExpression): boolean {
  if (isCheap(filter)) return true;
  const only = onlyColumn(filter);
  return neverRaises(filter) && columns.some(({ column, dictionary }) => column.id === only && dictionary !== null);
}
