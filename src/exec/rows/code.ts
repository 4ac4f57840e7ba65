import type { Value } from '../../functions/definition.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import type { StoreOp } from '../../wasm/opcodes.ts';
import { PART_BYTES } from './build.ts';
import { conform } from './conform.ts';
import type { RowCode, RowField, RowLayout } from './layout.ts';

export const rowCode: RowCode = {
  store({ f }, layout, row, values) {
    const conformed = layout.fields.map((field, i) => {
      const value = values[i];
      if (value === undefined) throw new LumaError(SQLSTATE.internalError, `a record lacks the column ${field.column.name}`);
      return conform(f, value, field.shape);
    });
    layout.fields.forEach((field, i) => {
      const value = conformed[i];
      if (value !== undefined) storeField(f, field, row, value);
    });
    storeNulls(f, layout, row, conformed);
  },

  load({ f }, field, layout, row) {
    const { type, bounds, dictionary } = field.shape;
    const parts = loadParts(f, field, row);
    const isNull = field.nullBit === null ? null : loadNull(f, layout, field.nullBit, row);
    const [code] = parts;
    if (dictionary === null || code === undefined) return { type, bounds, locals: parts, isNull };
    return { type, bounds, locals: [], isNull, dictionary: { code, dictionary } };
  },
};

function storeField(f: FunctionBuilder, field: RowField, row: Local, value: Value): void {
  const locals = value.dictionary === undefined ? value.locals : [value.dictionary.code];
  let offset = field.offset;
  for (const local of locals) {
    f.get(row).get(local);
    if (field.width === 1) f.store('i32.store8', offset);
    else f.store(STORE[local.type], offset);
    offset += PART_BYTES[local.type];
  }
}

const STORE = {
  i32: 'i32.store',
  i64: 'i64.store',
  f32: 'f32.store',
  f64: 'f64.store',
  v128: 'v128.store',
} as const satisfies Record<string, StoreOp>;
const LOAD = { i32: 'i32.load', i64: 'i64.load', f32: 'f32.load', f64: 'f64.load', v128: 'v128.load' } as const;

/** A byte per eight nullable fields: bit set for NULL. */
function storeNulls(f: FunctionBuilder, layout: RowLayout, row: Local, values: readonly Value[]): void {
  for (let byte = 0; byte < layout.nullBytes; byte++) {
    f.get(row);
    let first = true;
    layout.fields.forEach((field, i) => {
      const isNull = values[i]?.isNull ?? null;
      if (field.nullBit === null || field.nullBit >> 3 !== byte || isNull === null) return;
      f.get(isNull);
      if ((field.nullBit & 7) > 0) f.i32(field.nullBit & 7).op('i32.shl');
      if (!first) f.op('i32.or');
      first = false;
    });
    f.store('i32.store8', layout.nullOffset + byte);
  }
}

function loadParts(f: FunctionBuilder, field: RowField, row: Local): Local[] {
  let offset = field.offset;
  return field.parts.map((type) => {
    const local = f.local(type);
    f.get(row);
    if (field.width === 1) f.load('i32.load8_u', offset);
    else f.load(LOAD[type], offset);
    f.set(local);
    offset += PART_BYTES[type];
    return local;
  });
}

function loadNull(f: FunctionBuilder, layout: RowLayout, bit: number, row: Local): Local {
  const isNull = f.local('i32');
  f.get(row).load('i32.load8_u', layout.nullOffset + (bit >> 3));
  if ((bit & 7) > 0) f.i32(bit & 7).op('i32.shr_u');
  f.i32(1).op('i32.and').set(isNull);
  return isNull;
}
