import { type DataType, UNIT_DIGITS } from '../../src/types/data-type.ts';
import type { ConstantValue } from '../expression.ts';

const SECONDS_PER_DAY = 86_400;
const NANOSECONDS_PER_DAY = 86_400e9;
const DAYS_PER_MONTH = 30;

/**
 * A value's place on a number line on which order is kept, so that ranges can be compared and measured. Decimals are
 * their numeric value; dates and timestamps are seconds since 1970 (so the two compare with each other); text is its
 * first eight bytes as a base-256 fraction. Undefined for NULL and NaN.
 */
export function axisOf(value: ConstantValue, type: DataType): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return textAxis(value);
  if (typeof value === 'object') {
    return value.months * DAYS_PER_MONTH + value.days + Number(value.nanoseconds) / NANOSECONDS_PER_DAY;
  }
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  switch (type.kind) {
    case 'decimal':
      return number / 10 ** type.scale;
    case 'date':
      return number * SECONDS_PER_DAY;
    case 'timestamp':
      return number / 10 ** UNIT_DIGITS[type.unit];
    default:
      return number;
  }
}

/** Whether the type's values are spaced by 1, so that a range bounds the number of distinct values. */
export function axisStep(type: DataType): number | undefined {
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'boolean':
      return 1;
    case 'date':
      return SECONDS_PER_DAY;
    case 'decimal':
      return 10 ** -type.scale;
    default:
      return undefined;
  }
}

function textAxis(text: string): number {
  let value = 0;
  let weight = 1;
  for (const byte of new TextEncoder().encode(text.slice(0, 8)).subarray(0, 8)) {
    weight /= 256;
    value += byte * weight;
  }
  return value;
}
