import type { Column, ColumnId } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import type { ValType } from '../../wasm/function-builder.ts';
import { localTypes, unite } from '../expression/values.ts';
import type { FieldShape, RowField, RowLayout } from './layout.ts';

/** What must be remembered of a value to load it again. */
export function shapeOf(value: Value): FieldShape {
  return {
    type: value.type,
    bounds: value.bounds,
    nullable: value.isNull !== null,
    dictionary: value.dictionary?.dictionary ?? null,
  };
}

/** A shape that values of both shapes can be brought into (`conform`). */
export function commonShape(a: FieldShape, b: FieldShape): FieldShape {
  return {
    type: a.type,
    bounds: a.bounds === null || b.bounds === null ? null : unite(a.bounds, b.bounds),
    nullable: a.nullable || b.nullable,
    dictionary: a.dictionary !== null && a.dictionary.key === b.dictionary?.key ? a.dictionary : null,
  };
}

/**
 * A record for values of these shapes, with header fields of the given widths (bytes) before them. Fields stand widest
 * first, so that only header fields can need padding before them; the NULL bytes come last.
 */
export function rowLayout(
  columns: readonly { readonly column: Column; readonly shape: FieldShape }[],
  headerWidths: readonly (4 | 8)[] = [],
): RowLayout {
  const headers: number[] = [];
  let offset = 0;
  for (const width of headerWidths) {
    offset = align(offset, width);
    headers.push(offset);
    offset += width;
  }
  const planned = columns.map(({ column, shape }, position) => {
    const parts = partsOf(shape);
    return { column, shape, parts, position, width: fieldWidth(shape, parts) };
  });
  const fields: RowField[] = [];
  let nullables = 0;
  for (const { position, ...field } of planned.toSorted((a, b) => b.width - a.width)) {
    offset = align(offset, Math.min(field.width, 8));
    fields[position] = { ...field, offset, nullBit: field.shape.nullable ? nullables++ : null };
    offset += field.width;
  }
  const nullBytes = (nullables + 7) >> 3;
  const byColumn = new Map<ColumnId, RowField>(fields.map((field) => [field.column.id, field]));
  return { width: Math.max(8, align(offset + nullBytes, 8)), nullOffset: offset, nullBytes, fields, byColumn, headers };
}

function partsOf(shape: FieldShape): readonly ValType[] {
  return shape.dictionary !== null ? ['i32'] : localTypes(shape.type, shape.bounds);
}

/** Bytes of a field in a record. */
function fieldWidth(shape: FieldShape, parts: readonly ValType[]): number {
  if (shape.type.kind === 'boolean') return 1;
  return parts.reduce((sum, part) => sum + PART_BYTES[part], 0);
}

/** Bytes of a local in memory. */
export const PART_BYTES: Readonly<Record<ValType, number>> = { i32: 4, i64: 8, f32: 4, f64: 8, v128: 16 };

function align(offset: number, to: number): number {
  return to <= 1 ? offset : Math.ceil(offset / to) * to;
}
