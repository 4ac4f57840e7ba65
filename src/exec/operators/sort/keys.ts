import type { BoundExpression, Column, ColumnId, SortKey } from '../../../../planner/expression.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { emitExpression } from '../../expression/emit.ts';
import type { Row, Step } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowField, RowLayout } from '../../rows/layout.ts';
import { type Ranks, ranksOf } from './ranks.ts';

/** Expressions as columns. */
export interface ComputedColumns {
  /** The column of each expression. */
  readonly of: readonly Column[];
  /** The input's columns and those that were added. */
  readonly columns: readonly Column[];
  /** Computes the added columns. */
  readonly step: Step;
}

/** Expressions that are columns of the input stand for themselves, the others get a column each. */
export function computedColumns(expressions: readonly BoundExpression[], input: readonly Column[]): ComputedColumns {
  const columns = [...input];
  const added = new Map<ColumnId, BoundExpression>();
  const of = expressions.map((expression, i): Column => {
    const known = expression.kind === 'column' ? input.find(({ id }) => id === expression.id) : undefined;
    if (known !== undefined) return known;
    // negative ids are nobody else's, and no one above sees them
    const column = { id: -1 - i, name: `key ${i}`, type: expression.type, nullable: expression.nullable };
    added.set(column.id, expression);
    columns.push(column);
    return column;
  });
  const step: Step = {
    node: null,
    emit: (_pipeline, row, next) => {
      const definitions = [...added].map(([id, expression]) => [id, (below: Row) => emitExpression(below, expression)] as const);
      next(definitions.length === 0 ? row : row.with(new Map(definitions)));
    },
  };
  return { of, columns, step };
}

/** A key of records. */
export interface RecordKey {
  readonly field: RowField;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
  /** Present: the key's codes are compared by these. */
  readonly ranks: Ranks | null;
}

/** The keys where records store them; `columns` are those of the keys' expressions. */
export function recordKeys(
  run: QueryRun,
  layout: RowLayout,
  keys: readonly SortKey[],
  columns: readonly Column[],
): readonly RecordKey[] {
  return keys.map(({ descending, nulls }, i) => {
    const field = layout.byColumn.get(columns[i]?.id ?? 0);
    if (field === undefined) throw new LumaError(SQLSTATE.internalError, `a sort did not store its key ${i}`);
    const { dictionary } = field.shape;
    return { field, descending, nulls, ranks: dictionary === null ? null : ranksOf(run, dictionary) };
  });
}

export function keyExpressions(keys: readonly SortKey[]): readonly BoundExpression[] {
  return keys.map(({ expression }) => expression);
}
