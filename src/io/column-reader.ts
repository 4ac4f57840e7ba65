import { isUtf8 } from 'node:buffer';
import { daysFromCivil, daysInMonth } from '../types/calendar.ts';
import { type DataType, MAX_DECIMAL64_PRECISION, UNIT_DIGITS, valueWidth } from '../types/data-type.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import { parseValue } from '../types/parse.ts';
import type { Values, Vector } from '../types/vector.ts';

const ZERO = 48;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const TWO_32 = 2 ** 32;
/** Digits that surely fit a double's integers. */
const SAFE_DIGITS = 15;
/** More digits may be out of a double's range, which is an error to report. */
const MAX_PLAIN_DIGITS = 300;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * Collects one column's fields for a batch of at most `capacity` rows. The usual forms of numbers, dates and times are
 * read from the bytes; whatever looks different goes through `parseValue`, which decides. Throws what `parseValue` throws.
 */
export class ColumnReader {
  readonly type: DataType;
  readonly #capacity: number;
  #rows = 0;
  #nulls = 0;
  #validity: Uint8Array<ArrayBuffer>;
  #bytes: Uint8Array<ArrayBuffer>;
  #words: Int32Array;
  #doubles: Float64Array;
  #longs: BigInt64Array;
  #offsets: Int32Array<ArrayBuffer>;
  #used = 0;

  constructor(type: DataType, capacity: number) {
    this.type = type;
    this.#capacity = capacity;
    this.#validity = new Uint8Array(0);
    this.#bytes = new Uint8Array(0);
    this.#words = new Int32Array(0);
    this.#doubles = new Float64Array(0);
    this.#longs = new BigInt64Array(0);
    this.#offsets = new Int32Array(0);
    this.#begin();
  }

  addNull(): void {
    const row = this.#rows++;
    this.#nulls++;
    if (this.type.kind === 'text') this.#offsets[row + 1] = this.#used;
  }

  /** The field's content is bytes [start, end). */
  add(bytes: Buffer, start: number, end: number): void {
    const row = this.#rows;
    if (!this.#addFast(row, bytes, start, end)) this.#addParsed(row, bytes.toString('utf8', start, end));
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7));
    this.#rows++;
  }

  /** The rows so far; the next batch begins. */
  finish(): Vector {
    const length = this.#rows;
    const vector: Vector = {
      type: this.type,
      length,
      validity: this.#nulls === 0 ? null : this.#validity.subarray(0, (length + 7) >> 3),
      values: this.#values(length),
      offsets: this.type.kind === 'text' ? this.#offsets.subarray(0, length + 1) : null,
      dictionary: null,
    };
    this.#begin();
    return vector;
  }

  #begin(): void {
    const width = valueWidth(this.type);
    this.#rows = 0;
    this.#nulls = 0;
    this.#used = 0;
    this.#validity = new Uint8Array((this.#capacity + 7) >> 3);
    this.#view(this.type.kind === 'text' ? this.#capacity * 16 : Math.max(this.#capacity * width, this.#capacity));
    if (this.type.kind === 'text') this.#offsets = new Int32Array(this.#capacity + 1);
  }

  #view(bytes: number): void {
    const old = this.#bytes.subarray(0, this.#used);
    this.#bytes = new Uint8Array(Math.ceil(bytes / 16) * 16);
    this.#bytes.set(old);
    this.#words = new Int32Array(this.#bytes.buffer);
    this.#doubles = new Float64Array(this.#bytes.buffer);
    this.#longs = new BigInt64Array(this.#bytes.buffer);
  }

  #values(length: number): Values {
    switch (this.type.kind) {
      case 'text':
        return this.#bytes.subarray(0, this.#used);
      case 'boolean':
        return this.#bytes.subarray(0, (length + 7) >> 3);
      case 'null':
        return new Uint8Array(0);
      case 'int32':
      case 'date':
        return this.#words.subarray(0, length);
      case 'float64':
        return this.#doubles.subarray(0, length);
      default:
        return this.#longs.subarray(0, (length * valueWidth(this.type)) >> 3);
    }
  }

  #addFast(row: number, bytes: Buffer, start: number, end: number): boolean {
    const { type } = this;
    switch (type.kind) {
      case 'text':
        this.#addText(row, bytes, start, end);
        return true;
      case 'int32':
      case 'int64': {
        const value = decimalDigits(bytes, start, end, 0);
        if (Number.isNaN(value)) return false;
        if (type.kind === 'int64') this.#putLong(row, value);
        else if (value >= -(2 ** 31) && value < 2 ** 31) this.#words[row] = value;
        else return false;
        return true;
      }
      case 'decimal': {
        if (type.precision > MAX_DECIMAL64_PRECISION) return false;
        const value = decimalDigits(bytes, start, end, type.scale);
        if (Number.isNaN(value) || Math.abs(value) >= 10 ** type.precision) return false;
        this.#putLong(row, value);
        return true;
      }
      case 'float64': {
        const value = plainFloat(bytes, start, end);
        if (Number.isNaN(value)) return false;
        this.#doubles[row] = value;
        return true;
      }
      case 'date': {
        const days = isoDate(bytes, start, end);
        if (end - start !== 10 || Number.isNaN(days)) return false;
        this.#words[row] = days;
        return true;
      }
      case 'timestamp': {
        const seconds = isoSeconds(bytes, start, end);
        const value = seconds * (POWERS[UNIT_DIGITS[type.unit]] ?? 1);
        if (end - start !== 19 || !Number.isSafeInteger(value)) return false;
        this.#putLong(row, value);
        return true;
      }
      default:
        return false;
    }
  }

  #addText(row: number, bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.#used + length > this.#bytes.length) this.#view(Math.max(this.#used + length, this.#bytes.length * 2));
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i] ?? 0;
      this.#bytes[this.#used + i] = byte;
      bits |= byte;
    }
    if (bits > 127 && !isUtf8(bytes.subarray(start, end))) {
      throw new LumaError(SQLSTATE.characterNotInRepertoire, 'invalid byte sequence for encoding "UTF8"');
    }
    this.#used += length;
    this.#offsets[row + 1] = this.#used;
  }

  /** An integer below 2^53 as the two words of an int64. */
  #putLong(row: number, value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#words[2 * row] = value - high * TWO_32;
    this.#words[2 * row + 1] = high;
  }

  #addParsed(row: number, text: string): void {
    const { type } = this;
    const value = parseValue(text, type);
    if (typeof value === 'boolean') {
      if (value) this.#bytes[row >> 3] = (this.#bytes[row >> 3] ?? 0) | (1 << (row & 7));
    } else if (typeof value === 'number') {
      if (type.kind === 'float64') this.#doubles[row] = value;
      else this.#words[row] = value;
    } else if (typeof value === 'bigint') {
      if (valueWidth(type) === 8) this.#longs[row] = value;
      else {
        this.#longs[2 * row] = BigInt.asIntN(64, value);
        this.#longs[2 * row + 1] = value >> 64n;
      }
    } else if (typeof value === 'object' && value !== null) {
      this.#words[4 * row] = value.months;
      this.#words[4 * row + 1] = value.days;
      this.#longs[2 * row + 1] = value.nanoseconds;
    }
  }
}

/** Digits with at most `scale` after the point, as value × 10^scale; NaN when it is not so simple. */
function decimalDigits(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const negative = bytes[start] === MINUS;
  let at = negative ? start + 1 : start;
  const digits = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === digits) return Number.NaN;
  let missing = scale;
  if (at < end) {
    if (bytes[at] !== DOT || scale === 0) return Number.NaN;
    for (at++; at < end; at++) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9 || missing === 0) return Number.NaN;
      value = value * 10 + digit;
      missing--;
    }
  }
  if (at - digits + missing > SAFE_DIGITS) return Number.NaN;
  value *= POWERS[missing] ?? 1;
  return negative ? 0 - value : value;
}

/**
 * A number without exponent, NaN when it is not so simple. Of at most 15 digits: an integer divided by an exact power of
 * ten, which rounds correctly.
 */
function plainFloat(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  let value = 0;
  let point = -1;
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (bytes[at] === DOT && point < 0) point = at;
    else return Number.NaN;
  }
  const digits = end - first - (point < 0 ? 0 : 1);
  if (digits === 0 || digits > MAX_PLAIN_DIGITS) return Number.NaN;
  if (digits > SAFE_DIGITS) return Number(bytes.toString('latin1', start, end));
  if (point >= 0) value /= POWERS[end - point - 1] ?? Number.NaN;
  return negative ? -value : value;
}

/** YYYY-MM-DD at `start`; NaN when it is not exactly that. */
function isoDate(bytes: Buffer, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return Number.NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (!(year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  return daysFromCivil(year, month, day);
}

/** Seconds of YYYY-MM-DD hh:mm:ss. */
function isoSeconds(bytes: Buffer, start: number, end: number): number {
  const separator = bytes[start + 10];
  if (end - start !== 19 || (separator !== 32 && separator !== 84)) return Number.NaN;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return Number.NaN;
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  return isoDate(bytes, start, end) * 86_400 + hour * 3600 + minute * 60 + second;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
