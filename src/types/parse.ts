import { type DataType, typeName } from './data-type.ts';
import { LumaError, SQLSTATE } from './error.ts';
import { parseDate, parseTimestamp } from './parse-datetime.ts';
import { parseInterval } from './parse-interval.ts';
import type { VectorValue } from './vector-read.ts';

/**
 * Text to value as PostgreSQL's input functions read it (DateStyle ISO, TimeZone UTC). Throws 22P02 for text that is no
 * value of the type, 22007 for no date or time, 22003 and 22008 for values out of range. NULL has no text: it is not read here.
 */
export function parseValue(text: string, type: DataType): VectorValue {
  switch (type.kind) {
    case 'text':
      return text;
    case 'boolean':
      return parseBoolean(text);
    case 'int32':
      return Number(parseInteger(text, type, -(2n ** 31n), 2n ** 31n - 1n));
    case 'int64':
      return parseInteger(text, type, -(2n ** 63n), 2n ** 63n - 1n);
    case 'float64':
      return parseFloat64(text);
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale);
    case 'date':
      return parseDate(text);
    case 'timestamp':
      return parseTimestamp(text, type);
    case 'interval':
      return parseInterval(text);
    case 'null':
      throw invalid(text, type);
  }
}

/** t, true, y, yes, on, 1 and their opposites, and unique beginnings of the words, in any case. */
export function parseBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === '1' || word === 'on' || isBeginning(word, 'true') || isBeginning(word, 'yes')) return true;
  if (word === '0' || word === 'of' || word === 'off' || isBeginning(word, 'false') || isBeginning(word, 'no')) return false;
  throw invalid(text, { kind: 'boolean' });
}

function isBeginning(word: string, of: string): boolean {
  return word.length > 0 && of.startsWith(word);
}

function parseInteger(text: string, type: DataType, min: bigint, max: bigint): bigint {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw invalid(text, type);
  const value = BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed);
  if (value < min || value > max) {
    const message = `value "${text}" is out of range for type ${typeName(type).toLowerCase()}`;
    throw new LumaError(SQLSTATE.numericValueOutOfRange, message);
  }
  return value;
}

export function parseFloat64(text: string): number {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) {
    const value = Number(trimmed);
    const isZero = !/[1-9]/.test(trimmed.split(/e/i)[0] ?? '');
    if (!Number.isFinite(value) || (value === 0 && !isZero)) {
      throw new LumaError(SQLSTATE.numericValueOutOfRange, `"${text}" is out of range for type double precision`);
    }
    return value;
  }
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (word === null) throw invalid(text, { kind: 'float64' });
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Rounds half away from zero to the scale; 22003 when the whole part has too many digits. */
export function parseDecimal(text: string, precision: number, scale: number): bigint {
  const match = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d{1,6}))?$/i.exec(text.trim());
  if (match === null) throw invalid(text, { kind: 'decimal', precision, scale });
  const [, sign, whole = '', after, alone] = match;
  const fraction = after ?? alone ?? '';
  const digits = BigInt(whole + fraction);
  const shift = scale - fraction.length + Number(match[5] ?? 0);
  const value = shiftDecimal(digits, shift, precision);
  if (value >= 10n ** BigInt(precision)) {
    throw new LumaError(
      SQLSTATE.numericValueOutOfRange,
      `numeric field overflow: "${text}" does not fit DECIMAL(${precision}, ${scale})`,
    );
  }
  return sign === '-' ? -value : value;
}

/** value × 10^shift, rounded half up; what is clearly too large is not computed in full. */
function shiftDecimal(value: bigint, shift: number, precision: number): bigint {
  if (value === 0n) return 0n;
  if (shift >= 0) return value * 10n ** BigInt(Math.min(shift, precision));
  if (-shift > String(value).length) return 0n;
  const unit = 10n ** BigInt(-shift);
  return (value + unit / 2n) / unit;
}

function invalid(text: string, type: DataType): LumaError {
  const name = type.kind === 'decimal' ? 'numeric' : typeName(type).toLowerCase();
  return new LumaError(SQLSTATE.invalidTextRepresentation, `invalid input syntax for type ${name}: "${text}"`);
}
