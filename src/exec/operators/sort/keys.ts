import type { BoundExpression, Column, ColumnId, SortKey } from '../../../../planner/expression.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { emitExpression } from '../../expression/emit.ts';
import type { PipelineBuilder, Row, Step } from '../../pipeline/stream.ts';
import type { RowField, RowLayout } from '../../rows/layout.ts';

/** An order over columns: keys that are expressions have become columns of their own. */
export interface ColumnOrder {
  readonly column: Column;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export interface KeyColumns {
  readonly order: readonly ColumnOrder[];
  /** The input's columns and those that keys added. */
  readonly columns: readonly Column[];
  /** Computes the added columns. */
  readonly step: Step;
}

/** Keys as columns; those that are constant do not order anything and are left out. */
export function keyColumns(keys: readonly SortKey[], input: readonly Column[]): KeyColumns {
  const columns = [...input];
  const added = new Map<ColumnId, BoundExpression>();
  const order = keys
    .filter(({ expression }) => expression.kind !== 'constant' && expression.kind !== 'parameter')
    .map(({ expression, descending, nulls }, i): ColumnOrder => {
      const known = expression.kind === 'column' ? columns.find(({ id }) => id === expression.id) : undefined;
      if (known !== undefined) return { column: known, descending, nulls };
      // negative ids are nobody else's, and no one above sees them
      const column = { id: -1 - i, name: `key ${i}`, type: expression.type, nullable: expression.nullable };
      added.set(column.id, expression);
      columns.push(column);
      return { column, descending, nulls };
    });
  const step: Step = {
    node: null,
    emit: (_pipeline: PipelineBuilder, row: Row, next: (row: Row) => void) => {
      const definitions = [...added].map(([id, expression]) => [id, (below: Row) => emitExpression(below, expression)] as const);
      next(definitions.length === 0 ? row : row.with(new Map(definitions)));
    },
  };
  return { order, columns, step };
}

/** A key of records. */
export interface RecordKey {
  readonly field: RowField;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export function recordKeys(layout: RowLayout, order: readonly ColumnOrder[]): readonly RecordKey[] {
  return order.map(({ column, descending, nulls }) => {
    const field = layout.byColumn.get(column.id);
    if (field === undefined) throw new LumaError(SQLSTATE.internalError, `a sort did not store ${column.name}`);
    return { field, descending, nulls };
  });
}
