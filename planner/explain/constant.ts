import { type DataType, UNIT_DIGITS } from '../../src/types/data-type.ts';
import type { Constant, ConstantValue } from '../expression.ts';

const MS_PER_DAY = 86_400_000;

/** A constant as an SQL literal. */
export function constantText({ value, type }: Constant): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'object') return intervalText(value);
  switch (type.kind) {
    case 'decimal':
      return decimalText(BigInt(value), type.scale);
    case 'date':
      return dateText(Number(value));
    case 'timestamp':
      return timestampText(BigInt(value), type);
    default:
      return String(value);
  }
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function dateText(days: number): string {
  const date = new Date(days * MS_PER_DAY);
  return Number.isNaN(date.getTime()) ? `DATE ${days}` : `DATE '${date.toISOString().slice(0, 10)}'`;
}

function timestampText(units: bigint, type: DataType & { readonly kind: 'timestamp' }): string {
  const perSecond = 10n ** BigInt(UNIT_DIGITS[type.unit]);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((units - fraction) / perSecond) * 1000);
  const name = type.zoned ? 'TIMESTAMPTZ' : 'TIMESTAMP';
  if (Number.isNaN(date.getTime())) return `${name} ${units}`;
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(UNIT_DIGITS[type.unit], '0')}`;
  return `${name} '${date.toISOString().slice(0, 19).replace('T', ' ')}${digits}${type.zoned ? '+00' : ''}'`;
}

function intervalText(value: Extract<ConstantValue, { readonly months: number }>): string {
  const parts = [
    value.months === 0 ? '' : `${value.months} months`,
    value.days === 0 ? '' : `${value.days} days`,
    value.nanoseconds === 0n ? '' : `${decimalText(value.nanoseconds, 9)} seconds`,
  ].filter((part) => part !== '');
  return `INTERVAL '${parts.length === 0 ? '0 seconds' : parts.join(' ')}'`;
}
