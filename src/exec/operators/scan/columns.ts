import type { Column } from '../../../../planner/expression.ts';
import type { Bounds, DictionaryHandle, FloatRange, Value } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { valueWidth } from '../../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { localTypes } from '../../expression/values.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';

/** How a column comes, the same in all segments. */
export interface SourceColumn {
  readonly column: Column;
  /** Present: values are int32 codes. */
  readonly dictionary: DictionaryHandle | null;
  readonly hasNulls: boolean;
  /** Of the integers in it, over all segments. */
  readonly bounds: Bounds | null;
  /** Of the float64 in it, over all segments. */
  readonly range?: FloatRange | undefined;
}

/** Where one column of a segment lies, in Arrow's layout; 0: not there. */
export interface ColumnPlace {
  readonly validity: Pointer;
  readonly values: Pointer;
  readonly offsets: Pointer;
}

/** In a morsel's descriptor: three addresses per column. */
const COLUMN = { validity: 0, values: 4, offsets: 8, bytes: 12 } as const;

export function descriptorBytes(columns: number): number {
  return columns * COLUMN.bytes;
}

export function writePlace(rest: DataView, position: number, place: ColumnPlace): void {
  const at = position * COLUMN.bytes;
  rest.setUint32(at + COLUMN.validity, place.validity, true);
  rest.setUint32(at + COLUMN.values, place.values, true);
  rest.setUint32(at + COLUMN.offsets, place.offsets, true);
}

/** The place of the rows from `first` on, a multiple of 64. */
export function placeFrom(column: SourceColumn | undefined, place: ColumnPlace, first: number): ColumnPlace {
  const validity = place.validity === 0 ? 0 : place.validity + (first >> 3);
  if (column === undefined) return place;
  const { type } = column.column;
  if (type.kind === 'text' && column.dictionary === null) return { ...place, validity, offsets: place.offsets + first * 4 };
  if (type.kind === 'boolean') return { ...place, validity, values: place.values + (first >> 3) };
  const width = column.dictionary === null ? valueWidth(type) : 4;
  return { ...place, validity, values: place.values + first * width };
}

/** Loads of one function from the columns of its morsel: each address is read once, in the prologue. */
export class ColumnReader {
  readonly #pipeline: PipelineBuilder;
  readonly #columns: readonly SourceColumn[];
  readonly #addresses = new Map<number, Local>();

  constructor(pipeline: PipelineBuilder, columns: readonly SourceColumn[]) {
    this.#pipeline = pipeline;
    this.#columns = columns;
  }

  values(position: number): Local {
    return this.#address(position, COLUMN.values);
  }

  validity(position: number): Local {
    return this.#address(position, COLUMN.validity);
  }

  column(position: number): SourceColumn {
    const column = this.#columns[position];
    if (column === undefined) throw new LumaError(SQLSTATE.internalError, `the source has no column ${position}`);
    return column;
  }

  /** The value in the row whose index in the morsel is in the i32 local. */
  load(position: number, index: Local): Value {
    const { f } = this.#pipeline;
    const { column, dictionary, hasNulls, bounds, range } = this.column(position);
    const isNull = hasNulls ? this.#loadNull(position, index) : null;
    if (dictionary !== null) {
      const code = f.local('i32');
      pushAt(f, this.values(position), index, 2);
      f.load('i32.load').set(code);
      return { type: column.type, bounds: null, locals: [], isNull, dictionary: { code, dictionary } };
    }
    return { type: column.type, bounds, range, locals: this.#loadParts(position, index), isNull };
  }

  #loadParts(position: number, index: Local): readonly Local[] {
    const { f } = this.#pipeline;
    const { column, bounds } = this.column(position);
    const locals = localTypes(column.type, bounds).map((type) => f.local(type));
    const [first, second, third] = locals;
    if (first === undefined) return locals;
    if (column.type.kind === 'boolean') {
      pushBit(f, this.values(position), index);
      f.set(first);
    } else if (column.type.kind === 'text' && second !== undefined) {
      const end = f.local('i32');
      pushAt(f, this.#address(position, COLUMN.offsets), index, 2);
      f.tee(first).load('i32.load', 4).set(end);
      f.get(end).get(first).load('i32.load').tee(first).op('i32.sub').set(second);
      f.get(first).get(this.values(position)).op('i32.add').set(first);
    } else {
      const width = valueWidth(column.type);
      pushAt(f, this.values(position), index, width === 4 ? 2 : width === 8 ? 3 : 4);
      if (second === undefined) f.load(LOAD[first.type]).set(first);
      else this.#loadMany(first, second, third);
    }
    return locals;
  }

  /** Parts that lie one after the other at the address on the stack. */
  #loadMany(first: Local, second: Local, third: Local | undefined): void {
    const { f } = this.#pipeline;
    const address = f.local('i32');
    f.tee(address).load(LOAD[first.type]).set(first);
    f.get(address)
      .load(LOAD[second.type], third === undefined ? 8 : 4)
      .set(second);
    if (third !== undefined) f.get(address).load(LOAD[third.type], 8).set(third);
  }

  #loadNull(position: number, index: Local): Local {
    const { f } = this.#pipeline;
    const isNull = f.local('i32');
    pushBit(f, this.validity(position), index);
    f.op('i32.eqz').set(isNull);
    return isNull;
  }

  #address(position: number, field: number): Local {
    const { f, morsel } = this.#pipeline;
    const key = position * COLUMN.bytes + field;
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    const local = f.local('i32');
    f.prologue(() =>
      f
        .get(morsel)
        .load('i32.load', MORSEL.end + key)
        .set(local),
    );
    this.#addresses.set(key, local);
    return local;
  }
}

const LOAD = { i32: 'i32.load', i64: 'i64.load', f32: 'f32.load', f64: 'f64.load', v128: 'v128.load' } as const;

/** Pushes base + (index << shift). */
export function pushAt(f: FunctionBuilder, base: Local, index: Local, shift: number): void {
  f.get(base).get(index).i32(shift).op('i32.shl').op('i32.add');
}

/** Pushes bit `index` of the bits at `base`. */
function pushBit(f: FunctionBuilder, base: Local, index: Local): void {
  f.get(base).get(index).i32(3).op('i32.shr_u').op('i32.add').load('i32.load8_u');
  f.get(index).i32(7).op('i32.and').op('i32.shr_u').i32(1).op('i32.and');
}
