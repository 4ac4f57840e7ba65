import type { Bounds, Value } from '../../../functions/definition.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { boundsOf, only, typeBounds } from '../../expression/values.ts';
import type { PipelineBuilder, Row } from '../../pipeline/stream.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { RecordKey } from './keys.ts';
import { pushRank } from './ranks.ts';
import { pushTextWord } from './text-word.ts';

/**
 * The keys of a record packed into a uint32 whose order never contradicts theirs: where two prefixes differ, so do the keys,
 * in that direction. Keys with few possible values are packed whole, one after the other, while they fit; what is left of the
 * bits takes the upper part of the next key.
 */
export interface Prefix {
  readonly parts: readonly PrefixPart[];
  /** Keys that are packed whole: where prefixes are equal, so are these. */
  readonly covered: number;
  /** The key whose upper part is packed, when it is text: more of its bytes may be looked at. */
  readonly text: RecordKey | null;
}

interface PrefixPart {
  readonly key: RecordKey;
  readonly bits: number;
  /** The key's values less this one are at most `range`; null: the upper part of a key that does not fit. */
  readonly whole: { readonly min: bigint; readonly range: bigint } | null;
}

const BITS = 32;

export function planPrefix(keys: readonly RecordKey[]): Prefix {
  const parts: PrefixPart[] = [];
  let left = BITS;
  for (const key of keys) {
    const values = valuesOf(key);
    // NULL is one value more
    const bits = values === null ? BITS + 1 : bitLength(values.range + (key.field.shape.nullable ? 1n : 0n));
    if (values === null || bits > left) {
      const covered = parts.length;
      if (left > 0) parts.push({ key, bits: left, whole: null });
      const isText = left > 0 && key.field.shape.type.kind === 'text';
      return { parts, covered, text: isText ? key : null };
    }
    parts.push({ key, bits, whole: values });
    left -= bits;
  }
  return { parts, covered: parts.length, text: null };
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** The integers that a key can be, when it is one of fewer than 2^32. */
function valuesOf({ field, ranks }: RecordKey): { readonly min: bigint; readonly range: bigint } | null {
  const { type, bounds, dictionary } = field.shape;
  if (dictionary !== null) return ranks === null ? null : { min: 0n, range: BigInt(Math.max(0, dictionary.size - 1)) };
  const known = type.kind === 'decimal' && field.parts.length > 1 ? null : (bounds ?? typeBounds(type));
  if (known === null) return null;
  const range = known.max - known.min;
  return range >= 0n && range < 2n ** BigInt(BITS) ? { min: known.min, range } : null;
}

/** Pushes the record's prefix. Texts count from byte `offset` on: those before are the same in all. */
export function pushPrefix(pipeline: PipelineBuilder, layout: RowLayout, { parts }: Prefix, record: Local, offset: Local): void {
  const { f } = pipeline;
  const row = pipeline.rowOf(new Map());
  f.i32(0);
  for (const { key, bits, whole } of parts) {
    const value = rowCode.load(pipeline, key.field, layout, record);
    if (bits < BITS) f.i32(bits).op('i32.shl');
    if (whole === null) {
      pushKeyWord(row, key, value, offset);
      if (bits < BITS) f.i32(BITS - bits).op('i32.shr_u');
    }
    if (whole !== null) pushWhole(row, key, value, whole);
    f.op('i32.or');
  }
}

/** All of the key: its distance from the end where the order begins; NULL before or behind all. */
function pushWhole(
  row: Row,
  key: RecordKey,
  value: Value,
  { min, range }: { readonly min: bigint; readonly range: bigint },
): void {
  const { f } = row;
  const last = BigInt.asIntN(32, range);
  if (key.descending) f.i32(Number(last));
  if (value.dictionary !== undefined && key.ranks !== null) pushRank(row, key.ranks, value.dictionary.code);
  else {
    const local = only(value);
    if (local.type === 'i64') f.get(local).i64(min).op('i64.sub').op('i32.wrap_i64');
    else f.get(local).i32(Number(min)).op('i32.sub');
  }
  if (key.descending) f.op('i32.sub');
  if (value.isNull === null) return;
  if (key.nulls === 'first') f.i32(1).op('i32.add');
  const code = f.local('i32');
  f.set(code)
    .i32(key.nulls === 'first' ? 0 : Number(BigInt.asIntN(32, range + 1n)))
    .get(code)
    .get(value.isNull)
    .select();
}

/** The upper 32 bits of the key, of texts those from byte `offset` on; NULLs share the first or the last with others. */
export function pushKeyWord(row: Row, key: RecordKey, value: Value, offset: Local): void {
  const { f } = row;
  pushAscending(row, value, offset);
  if (key.descending) f.i32(-1).op('i32.xor');
  if (value.isNull === null) return;
  const word = f.local('i32');
  f.set(word)
    .i32(key.nulls === 'first' ? 0 : -1)
    .get(word)
    .get(value.isNull)
    .select();
}

/** A uint32 that ascends with the value. */
function pushAscending(row: Row, value: Value, offset: Local): void {
  const { f } = row;
  switch (value.type.kind) {
    case 'boolean':
      f.get(only(value))
        .i32(BITS - 1)
        .op('i32.shl');
      return;
    case 'int32':
    case 'date':
      f.get(only(value)).i32(0x80000000).op('i32.xor');
      return;
    case 'int64':
    case 'timestamp':
      pushScaled(f, only(value), boundsOf(value));
      return;
    case 'decimal': {
      const high = value.locals[1];
      if (high === undefined) pushScaled(f, only(value), boundsOf(value));
      else f.get(high).i64(32n).op('i64.shr_s').op('i32.wrap_i64').i32(0x80000000).op('i32.xor');
      return;
    }
    case 'float64':
      pushFloat(f, only(value));
      return;
    case 'text':
      pushTextWord(row, value, offset);
      return;
    case 'interval':
    case 'null':
      f.i32(0);
  }
}

/** The distance from the smallest possible value, as far as 32 bits hold its upper part. */
function pushScaled(f: FunctionBuilder, local: Local, bounds: Bounds): void {
  const min = bounds.min < -(2n ** 63n) ? -(2n ** 63n) : bounds.min;
  const range = (bounds.max >= 2n ** 63n ? 2n ** 63n - 1n : bounds.max) - min;
  const shift = bitLength(range) - BITS;
  f.get(local).i64(min).op('i64.sub');
  if (shift > 0) f.i64(BigInt(shift)).op('i64.shr_u');
  f.op('i32.wrap_i64');
  if (shift < 0) f.i32(-shift).op('i32.shl');
}

/** The upper bits of IEEE 754 in an order by sign and magnitude; −0 is 0, every NaN the greatest. */
function pushFloat(f: FunctionBuilder, local: Local): void {
  const bits = f.local('i32');
  f.get(local).f64(0).op('f64.add').op('i64.reinterpret_f64').i64(32n).op('i64.shr_u').op('i32.wrap_i64').set(bits);
  f.i32(-1);
  f.get(bits).get(bits).i32(31).op('i32.shr_s').i32(0x80000000).op('i32.or').op('i32.xor');
  f.get(local).get(local).op('f64.ne').select();
}
