import { type DataType, MAX_DECIMAL_PRECISION, UNIT_DIGITS } from '../../../src/types/data-type.ts';
import type { ConstantValue } from '../../expression.ts';

/** A value as an exact number of units, of which `perWhole` make one whole (a day for dates, a second for times). */
interface Measure {
  readonly units: bigint;
  readonly perWhole: bigint;
}

/** A constant among the values of another type: one of them, between two neighbours, or beyond all on one side. */
export type Narrowed =
  | { readonly place: 'exact'; readonly value: ConstantValue }
  | { readonly place: 'between'; readonly floor: ConstantValue; readonly next: ConstantValue }
  | { readonly place: 'above' | 'below' };

const SECONDS_PER_DAY = 86_400n;

/**
 * A constant among the values of another type with which it can be compared exactly: integers and decimals with each other,
 * float64 with int32, dates and timestamps of one kind with each other. Undefined for other pairs and for NULL.
 */
export function narrowConstant(value: ConstantValue, type: DataType, narrow: DataType): Narrowed | undefined {
  if (type.kind === 'float64') return narrow.kind === 'int32' && typeof value === 'number' ? narrowFloat(value) : undefined;
  const measure = measureOf(value, type);
  const perWhole = unitsPerWhole(narrow);
  if (measure === undefined || perWhole === undefined || !isComparable(type, narrow)) return undefined;
  // In the narrow type's units, value = units · perWhole ÷ measure.perWhole.
  const units = measure.units * perWhole;
  const remainder = ((units % measure.perWhole) + measure.perWhole) % measure.perWhole;
  return placeOf((units - remainder) / measure.perWhole, remainder === 0n, narrow);
}

/** NaN is above all numbers, as in PostgreSQL. */
function narrowFloat(value: number): Narrowed {
  if (!Number.isFinite(value)) return { place: value === Number.NEGATIVE_INFINITY ? 'below' : 'above' };
  return placeOf(BigInt(Math.floor(value)), Number.isInteger(value), { kind: 'int32' });
}

function placeOf(floor: bigint, exact: boolean, narrow: DataType): Narrowed {
  const least = toConstant(floor, narrow);
  const next = toConstant(floor + 1n, narrow);
  if (exact && least !== undefined) return { place: 'exact', value: least };
  if (least !== undefined && next !== undefined) return { place: 'between', floor: least, next };
  return { place: floor < 0n ? 'below' : 'above' };
}

function isComparable(a: DataType, b: DataType): boolean {
  const isNumber = (type: DataType) => type.kind === 'int32' || type.kind === 'int64' || type.kind === 'decimal';
  if (isNumber(a) || isNumber(b)) return isNumber(a) && isNumber(b);
  const zoned = (type: DataType) => type.kind === 'timestamp' && type.zoned;
  return zoned(a) === zoned(b);
}

/** Whether every value of `from` has exactly one counterpart in `to`, in the same order. */
export function isLossless(from: DataType, to: DataType): boolean {
  if (to.kind === 'int64' || to.kind === 'float64') return from.kind === 'int32';
  if (to.kind === 'timestamp') {
    if (from.kind === 'date') return !to.zoned;
    return from.kind === 'timestamp' && from.zoned === to.zoned && UNIT_DIGITS[from.unit] <= UNIT_DIGITS[to.unit];
  }
  if (to.kind !== 'decimal') return false;
  if (from.kind === 'int32') return to.precision - to.scale >= 10;
  if (from.kind === 'int64') return to.precision - to.scale >= 19;
  return from.kind === 'decimal' && from.scale <= to.scale && from.precision - from.scale <= to.precision - to.scale;
}

function measureOf(value: ConstantValue, type: DataType): Measure | undefined {
  const perWhole = unitsPerWhole(type);
  if (perWhole === undefined || (typeof value !== 'bigint' && typeof value !== 'number')) return undefined;
  return { units: BigInt(value), perWhole };
}

/** Dates and times on one scale (a day), numbers on another (1). */
function unitsPerWhole(type: DataType): bigint | undefined {
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'date':
      return 1n;
    case 'decimal':
      return 10n ** BigInt(type.scale);
    case 'timestamp':
      return SECONDS_PER_DAY * 10n ** BigInt(UNIT_DIGITS[type.unit]);
    default:
      return undefined;
  }
}

function toConstant(units: bigint, type: DataType): ConstantValue | undefined {
  switch (type.kind) {
    case 'int32':
    case 'date':
      return BigInt.asIntN(32, units) === units ? Number(units) : undefined;
    case 'decimal': {
      const limit = 10n ** BigInt(Math.min(type.precision, MAX_DECIMAL_PRECISION));
      return units < limit && units > -limit ? units : undefined;
    }
    default:
      return BigInt.asIntN(64, units) === units ? units : undefined;
  }
}
