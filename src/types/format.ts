import { civilFromDays } from './calendar.ts';
import { type DataType, type TimestampType, UNIT_DIGITS } from './data-type.ts';
import type { Vector } from './vector.ts';
import { type IntervalValue, type VectorValue, valueReader } from './vector-read.ts';

/**
 * Values as text in PostgreSQL's output format (DateStyle ISO, IntervalStyle postgres, TimeZone UTC, extra_float_digits 1):
 * what its wire protocol, COPY and psql show. Only a cast of boolean to text differs (true, not t).
 */

const SECONDS_PER_DAY = 86_400n;

/** The text at a row that is not NULL; '' at one that is. */
export function formatReader(vector: Vector): (row: number) => string {
  const read = valueReader(vector);
  const { type } = vector;
  return (row) => formatValue(read(row), type);
}

export function formatValue(value: VectorValue, type: DataType): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      if (type.kind === 'float64') return formatFloat(value);
      return type.kind === 'date' ? formatDate(value) : String(value);
    case 'bigint':
      if (type.kind === 'decimal') return formatDecimal(value, type.scale);
      return type.kind === 'timestamp' ? formatTimestamp(value, type) : String(value);
    case 'object':
      return value === null ? '' : formatInterval(value);
  }
}

/** The shortest digits that read back as the same double; scientific below 1e-4 and from 1e15 (PostgreSQL's d2s.c). */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e15) {
    const plain = String(value);
    return plain.includes('e') ? value.toFixed(20) : plain;
  }
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

export function formatDecimal(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${whole}` : whole;
}

export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${yearText(year)}-${two(month)}-${two(day)}${year <= 0 ? ' BC' : ''}`;
}

export function formatTimestamp(value: bigint, type: TimestampType): string {
  const digits = UNIT_DIGITS[type.unit];
  const perDay = SECONDS_PER_DAY * 10n ** BigInt(digits);
  const inDay = ((value % perDay) + perDay) % perDay;
  const { year, month, day } = civilFromDays(Number((value - inDay) / perDay));
  const time = clock(inDay, digits);
  return `${yearText(year)}-${two(month)}-${two(day)} ${time}${type.zoned ? '+00' : ''}${year <= 0 ? ' BC' : ''}`;
}

/** EncodeInterval with INTSTYLE_POSTGRES (PostgreSQL's datetime.c): a positive part after a negative one gets a plus. */
export function formatInterval({ months, days, nanoseconds }: IntervalValue): string {
  const parts: string[] = [];
  let negativeBefore = false;
  const add = (value: number, unit: string): void => {
    if (value === 0) return;
    parts.push(`${negativeBefore && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`);
    negativeBefore = value < 0;
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'mon');
  add(days, 'day');
  if (parts.length === 0 || nanoseconds !== 0n) {
    const sign = nanoseconds < 0n ? '-' : negativeBefore ? '+' : '';
    parts.push(sign + clock(nanoseconds < 0n ? -nanoseconds : nanoseconds, UNIT_DIGITS.ns));
  }
  return parts.join(' ');
}

/** hh:mm:ss and the fraction without trailing zeros; hours may have more digits. */
function clock(time: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = time / perSecond;
  const fraction = time % perSecond;
  const text = `${twoBig(seconds / 3600n)}:${twoBig((seconds / 60n) % 60n)}:${twoBig(seconds % 60n)}`;
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
}

/** Years before 1 count down from 1 BC. */
function yearText(year: number): string {
  return String(year <= 0 ? 1 - year : year).padStart(4, '0');
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function twoBig(value: bigint): string {
  return value < 10n ? `0${value}` : String(value);
}
