import { type DataType, UNIT_DIGITS } from '../../../types/data-type.ts';
import { formatDecimal } from '../../../types/format.ts';
import type { Vector } from '../../../types/vector.ts';
import { type IntervalValue, type VectorValue, valueReader } from '../../../types/vector-read.ts';
import { EPOCH_DAYS, EPOCH_US, NUMERIC } from './binary-format.ts';

const MICROSECOND_DIGITS = 6;

/** Nanoseconds have no place in PostgreSQL's timestamps; they are sent as text. */
export function hasBinaryFormat(type: DataType): boolean {
  return !(type.kind === 'timestamp' && type.unit === 'ns');
}

/** Gives a row's value of a column in binary format; the row must not be NULL. */
export function binaryWriter(vector: Vector): (row: number) => Buffer {
  const read = valueReader(vector);
  const encode = encoderOf(vector.type);
  return (row) => encode(read(row));
}

function encoderOf(type: DataType): (value: VectorValue) => Buffer {
  switch (type.kind) {
    case 'boolean':
      return (value) => Buffer.from([value === true ? 1 : 0]);
    case 'int32':
      return (value) => fixed(4, (buffer) => buffer.writeInt32BE(Number(value)));
    case 'int64':
      return (value) => fixed(8, (buffer) => buffer.writeBigInt64BE(bigintOf(value)));
    case 'float64':
      return (value) => fixed(8, (buffer) => buffer.writeDoubleBE(Number(value)));
    case 'date':
      return (value) => fixed(4, (buffer) => buffer.writeInt32BE(Number(value) - EPOCH_DAYS));
    case 'timestamp': {
      const factor = 10n ** BigInt(Math.max(0, MICROSECOND_DIGITS - UNIT_DIGITS[type.unit]));
      return (value) => fixed(8, (buffer) => buffer.writeBigInt64BE(bigintOf(value) * factor - EPOCH_US));
    }
    case 'decimal':
      return (value) => numeric(formatDecimal(bigintOf(value), type.scale), type.scale);
    case 'interval':
      return (value) => interval(typeof value === 'object' && value !== null ? value : NO_TIME);
    case 'text':
    case 'null':
      return (value) => Buffer.from(String(value));
  }
}

const NO_TIME: IntervalValue = { months: 0, days: 0, nanoseconds: 0n };

function fixed(size: number, put: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  put(buffer);
  return buffer;
}

function bigintOf(value: VectorValue): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

/** int64 microseconds, int32 days, int32 months (interval_send). */
function interval({ months, days, nanoseconds }: IntervalValue): Buffer {
  return fixed(16, (buffer) => {
    buffer.writeBigInt64BE(nanoseconds / 1000n);
    buffer.writeInt32BE(days, 8);
    buffer.writeInt32BE(months, 12);
  });
}

/** Number of digits, weight of the first (powers of 10 000), sign, decimal places; then the digits (numeric_send). */
function numeric(text: string, scale: number): Buffer {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const { digits: width } = NUMERIC;
  const left = whole.padStart(Math.ceil(whole.length / width) * width, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / width) * width, '0');
  const digits = ((left + right).match(/\d{4}/g) ?? []).map(Number);
  let weight = left.length / width - 1;
  while (digits[0] === 0) {
    digits.shift();
    weight--;
  }
  while (digits.at(-1) === 0) digits.pop();
  return fixed(8 + 2 * digits.length, (buffer) => {
    buffer.writeInt16BE(digits.length);
    buffer.writeInt16BE(digits.length === 0 ? 0 : weight, 2);
    buffer.writeUInt16BE(negative && digits.length > 0 ? NUMERIC.negative : 0, 4);
    buffer.writeInt16BE(scale, 6);
    for (const [i, digit] of digits.entries()) buffer.writeInt16BE(digit, 8 + 2 * i);
  });
}
