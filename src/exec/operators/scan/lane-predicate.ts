import type { BoundExpression, ColumnId, ConstantValue } from '../../../../planner/expression.ts';
import type { Bounds } from '../../../functions/definition.ts';
import { type DataType, MAX_DECIMAL64_PRECISION } from '../../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { PlainOp } from '../../../wasm/opcodes.ts';
import { INT32_BOUNDS, INT64_BOUNDS } from '../../expression/values.ts';

/**
 * Predicates `column ⟨comparison⟩ constant` that SIMD lanes compare: int32 and date as i32x4, int64, timestamp and decimal as
 * i64x2, float64 as f64x2. Constants and parameters are known at generation, but their values come from memory, so that
 * the code is the same for all of them; only what their magnitude decides (whether they fit a lane) is decided here.
 */
export interface LanePredicate {
  readonly column: ColumnId;
  readonly lane: Lane;
  readonly comparison: Comparison;
  /** In the lane's type: an integer (unscaled, in the column's scale) or a float64 that is not NaN. */
  readonly constant: bigint | number;
}

export type Lane = 'i32x4' | 'i64x2' | 'f64x2';

type Comparison = 'equal' | 'not_equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';

const MIRRORED: Readonly<Record<string, Comparison>> = {
  equal: 'equal',
  not_equal: 'not_equal',
  less: 'greater',
  less_equal: 'greater_equal',
  greater: 'less',
  greater_equal: 'less_equal',
};

/** Value of a constant or parameter; undefined for anything else. */
export type ConstantOf = (expression: BoundExpression) => ConstantValue | undefined;

/** The predicate for lanes; undefined when it is not one. */
export function lanePredicate(predicate: BoundExpression, constantOf: ConstantOf): LanePredicate | undefined {
  if (predicate.kind !== 'call') return undefined;
  const mirrored = MIRRORED[predicate.function.name];
  if (mirrored === undefined) return undefined;
  const comparison = MIRRORED[mirrored];
  const [left, right] = predicate.arguments;
  if (left === undefined || right === undefined || comparison === undefined) return undefined;
  return against(left, right, comparison, constantOf) ?? against(right, left, mirrored, constantOf);
}

function against(
  side: BoundExpression,
  other: BoundExpression,
  comparison: Comparison,
  constantOf: ConstantOf,
): LanePredicate | undefined {
  const value = constantOf(other);
  const column = widened(side);
  if (column === undefined || value === undefined || value === null) return undefined;
  const lane = laneOf(column.type);
  if (lane === undefined) return undefined;
  const constant = lane === 'f64x2' ? value : inScale(value, other.type, column.type);
  if (typeof constant === 'number' && lane === 'f64x2') {
    return Number.isNaN(constant) ? undefined : { column: column.id, lane, comparison, constant };
  }
  if (typeof constant !== 'bigint' || !isWithin(constant, lane === 'i32x4' ? INT32_BOUNDS : INT64_BOUNDS)) return undefined;
  return { column: column.id, lane, comparison, constant };
}

/** The column, also under a cast that only widens its integers. */
function widened(side: BoundExpression): { readonly id: ColumnId; readonly type: DataType } | undefined {
  if (side.kind === 'column') return side;
  if (side.kind !== 'cast' || side.operand.kind !== 'column') return undefined;
  return side.operand.type.kind === 'int32' && side.type.kind === 'int64' ? side.operand : undefined;
}

function laneOf(type: DataType): Lane | undefined {
  switch (type.kind) {
    case 'int32':
    case 'date':
      return 'i32x4';
    case 'int64':
    case 'timestamp':
      return 'i64x2';
    case 'decimal':
      return type.precision <= MAX_DECIMAL64_PRECISION ? 'i64x2' : undefined;
    case 'float64':
      return 'f64x2';
    default:
      return undefined;
  }
}

/** The constant as an integer of the column's scale; undefined when it is none. */
function inScale(value: ConstantValue, from: DataType, to: DataType): bigint | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined;
  if (!Number.isInteger(Number(value))) return undefined;
  const integer = BigInt(value);
  if (from.kind !== 'decimal' || to.kind !== 'decimal') return integer;
  return to.scale >= from.scale ? integer * 10n ** BigInt(to.scale - from.scale) : undefined;
}

function isWithin(value: bigint, { min, max }: Bounds): boolean {
  return value >= min && value <= max;
}

/** The constant in all lanes. */
export function emitSplat(f: FunctionBuilder, { lane }: LanePredicate, address: Local): Local {
  const splat = f.local('v128');
  f.get(address)
    .load(lane === 'i32x4' ? 'v128.load32_splat' : 'v128.load64_splat')
    .set(splat);
  return splat;
}

/** The bytes that `emitSplat` reads. */
export function splatBytes({ lane, constant }: LanePredicate): Uint8Array {
  if (typeof constant === 'number') return new Uint8Array(Float64Array.of(constant).buffer);
  if (lane === 'i32x4') return new Uint8Array(Int32Array.of(Number(constant)).buffer);
  return new Uint8Array(BigInt64Array.of(constant).buffer);
}

/** Float64 in PostgreSQL's order: NaN is above all numbers, so "greater" is "not less or equal". The constant is not NaN. */
const FLOAT: Readonly<Record<Comparison, { readonly op: PlainOp; readonly not: boolean }>> = {
  equal: { op: 'f64x2.eq', not: false },
  not_equal: { op: 'f64x2.ne', not: false },
  less: { op: 'f64x2.lt', not: false },
  less_equal: { op: 'f64x2.le', not: false },
  greater: { op: 'f64x2.le', not: true },
  greater_equal: { op: 'f64x2.lt', not: true },
};

const SIGNED = {
  equal: 'eq',
  not_equal: 'ne',
  less: 'lt_s',
  less_equal: 'le_s',
  greater: 'gt_s',
  greater_equal: 'ge_s',
} as const;

/** Pushes the lanes' masks. */
export function emitCompare(f: FunctionBuilder, { lane, comparison }: LanePredicate, values: Local, splat: Local): void {
  f.get(values).get(splat);
  if (lane === 'i32x4') f.op(`i32x4.${SIGNED[comparison]}`);
  else if (lane === 'i64x2') f.op(`i64x2.${SIGNED[comparison]}`);
  else {
    f.op(FLOAT[comparison].op);
    if (FLOAT[comparison].not) f.op('v128.not');
  }
}
