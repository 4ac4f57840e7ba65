import type { Value } from '../../functions/definition.ts';
import { MAX_DECIMAL64_PRECISION } from '../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { only, part, widen } from '../expression/values.ts';
import type { PipelineBuilder } from '../pipeline/stream.ts';
import type { RowField } from '../rows/layout.ts';
import { RANGE, TARGET } from './transpose.ts';

/** Code that writes one column, row by row. */
export interface ColumnStore {
  readonly row: (index: Local, value: Value) => void;
  readonly end: (index: Local) => void;
}

/**
 * Writes column `position` of the range's batch. `text`: which of the plain text columns it is, or −1; its bytes are copied behind
 * each other from where the range's begin. Bitmaps must be zero before.
 */
export function emitColumnStore(
  pipeline: PipelineBuilder,
  range: Local,
  position: number,
  text: number,
  field: RowField,
): ColumnStore {
  const { f } = pipeline;
  const target = (offset: number): Local => {
    const local = f.local('i32');
    f.get(range)
      .load('i32.load', RANGE.columns)
      .load('i32.load', position * TARGET.bytes + offset)
      .set(local);
    return local;
  };
  const values = target(TARGET.values);
  const validity = field.shape.nullable ? target(TARGET.validity) : null;
  const store = text < 0 ? fixedStore(f, values, field) : textStore(f, values, target(TARGET.offsets), range, text);
  return {
    row: (index, value) => {
      if (validity !== null && value.isNull !== null) {
        const { isNull } = value;
        setBit(f, validity, index, () => f.get(isNull).op('i32.eqz'));
      }
      store.row(index, value);
    },
    end: store.end,
  };
}

function fixedStore(f: FunctionBuilder, values: Local, { shape }: RowField): ColumnStore {
  const { type, dictionary } = shape;
  return {
    end: () => undefined,
    row: (index, value) => {
      const at = (shift: number): FunctionBuilder => f.get(values).get(index).i32(shift).op('i32.shl').op('i32.add');
      if (dictionary !== null && value.dictionary !== undefined) at(2).get(value.dictionary.code).store('i32.store');
      else if (type.kind === 'boolean') setBit(f, values, index, () => f.get(only(value)));
      else if (type.kind === 'interval') {
        const place = f.local('i32');
        at(4).tee(place).get(part(value, 0)).store('i32.store');
        f.get(place).get(part(value, 1)).store('i32.store', 4);
        f.get(place).get(part(value, 2)).store('i64.store', 8);
      } else if (type.kind === 'decimal' && type.precision > MAX_DECIMAL64_PRECISION) {
        const [low, high] = widen(f, value);
        const place = f.local('i32');
        at(4).tee(place).get(low).store('i64.store');
        f.get(place).get(high).store('i64.store', 8);
      } else if (type.kind !== 'null') {
        const local = only(value);
        at(local.type === 'i32' ? 2 : 3).get(local);
        f.store(local.type === 'f64' ? 'f64.store' : local.type === 'i64' ? 'i64.store' : 'i32.store');
      }
    },
  };
}

function textStore(f: FunctionBuilder, values: Local, offsets: Local, range: Local, text: number): ColumnStore {
  const used = f.local('i32');
  f.get(range)
    .load('i32.load', RANGE.texts)
    .load('i32.load', text * 4)
    .set(used);
  const storeOffset = (index: Local): void => {
    f.get(offsets).get(index).i32(2).op('i32.shl').op('i32.add').get(used).store('i32.store');
  };
  return {
    row: (index, value) => {
      storeOffset(index);
      const copy = (): void => {
        f.get(values).get(used).op('i32.add').get(part(value, 0)).get(part(value, 1)).memoryCopy();
        f.get(used).get(part(value, 1)).op('i32.add').set(used);
      };
      if (value.isNull === null) copy();
      else f.get(value.isNull).op('i32.eqz').ifThen(copy);
    },
    end: storeOffset,
  };
}

/** Sets bit `index` when `push` leaves 1. */
function setBit(f: FunctionBuilder, bits: Local, index: Local, push: () => void): void {
  const byte = f.local('i32');
  f.get(bits).get(index).i32(3).op('i32.shr_u').op('i32.add').tee(byte);
  f.get(byte).load('i32.load8_u');
  push();
  f.get(index).i32(7).op('i32.and').op('i32.shl').op('i32.or').store('i32.store8');
}
