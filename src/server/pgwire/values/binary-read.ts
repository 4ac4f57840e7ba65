import type { ParameterInput } from '../../../engine/parameters.ts';
import { TIMESTAMP, TIMESTAMPTZ, type TimestampType } from '../../../types/data-type.ts';
import { LumaError, notSupported } from '../../../types/error.ts';
import { formatDate, formatTimestamp } from '../../../types/format.ts';
import { decodeUtf8 } from '../../../types/utf8.ts';
import { EPOCH_DAYS, EPOCH_US, infinityText, NUMERIC } from './binary-format.ts';
import { OID } from './types.ts';

/** How many bytes a value of a type has; others vary. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [OID.bool, 1],
  [OID.int2, 2],
  [OID.int4, 4],
  [OID.int8, 8],
  [OID.float4, 4],
  [OID.float8, 8],
  [OID.date, 4],
  [OID.timestamp, 8],
  [OID.timestamptz, 8],
  [OID.interval, 16],
]);

/** SQLSTATE invalid_binary_representation. */
const INVALID = '22P03';

/**
 * A parameter in binary format, as a value or as text that the query's type reads. Throws 22P03 for bytes that are none of
 * the type, 0A000 for a type that is only read as text.
 */
export function binaryParameter(bytes: Buffer, oid: number): ParameterInput {
  const size = SIZES.get(oid);
  if (size !== undefined && size !== bytes.length) throw new LumaError(INVALID, 'incorrect binary data format in bind parameter');
  switch (oid) {
    case OID.bool:
      return bytes.readUInt8() !== 0;
    case OID.int2:
      return bytes.readInt16BE();
    case OID.int4:
      return bytes.readInt32BE();
    case OID.int8:
      return bytes.readBigInt64BE();
    case OID.float4:
      return bytes.readFloatBE();
    case OID.float8:
      return bytes.readDoubleBE();
    case OID.text:
    case OID.varchar:
    case OID.bpchar:
    case OID.name:
    case OID.unknown:
      return decodeUtf8(bytes);
    case OID.date: {
      const days = bytes.readInt32BE();
      return infinityText(BigInt(days), 32) ?? formatDate(days + EPOCH_DAYS);
    }
    case OID.timestamp:
      return timestamp(bytes, TIMESTAMP);
    case OID.timestamptz:
      return timestamp(bytes, TIMESTAMPTZ);
    case OID.interval:
      return `${bytes.readInt32BE(12)} months ${bytes.readInt32BE(8)} days ${decimalOf(bytes.readBigInt64BE(), 6)} seconds`;
    case OID.numeric:
      return numeric(bytes);
    default:
      throw notSupported(`the binary format of parameter type ${oid}`, { hint: 'Send it as text.' });
  }
}

function timestamp(bytes: Buffer, type: TimestampType): string {
  const microseconds = bytes.readBigInt64BE();
  return infinityText(microseconds, 64) ?? formatTimestamp(microseconds + EPOCH_US, type);
}

/** `value` × 10^−places. */
function decimalOf(value: bigint, places: number): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function numeric(bytes: Buffer): string {
  if (bytes.length < 8) throw new LumaError(INVALID, 'insufficient data left in message');
  const count = bytes.readUInt16BE();
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  if (sign === NUMERIC.nan) return 'NaN';
  if (sign === NUMERIC.infinity) return 'Infinity';
  if (sign === NUMERIC.minusInfinity) return '-Infinity';
  if (sign !== 0 && sign !== NUMERIC.negative) throw new LumaError(INVALID, 'invalid sign in external "numeric" value');
  if (bytes.length !== 8 + 2 * count) throw new LumaError(INVALID, 'invalid length in external "numeric" value');
  let whole = '';
  let fraction = '';
  for (let i = 0; i < count; i++) {
    const digit = bytes.readUInt16BE(8 + 2 * i);
    if (digit >= NUMERIC.base) throw new LumaError(INVALID, 'invalid digit in external "numeric" value');
    const text = String(digit).padStart(NUMERIC.digits, '0');
    if (i <= weight) whole += text;
    else {
      if (i === 0) fraction = '0'.repeat(NUMERIC.digits * (-weight - 1));
      fraction += text;
    }
  }
  whole = whole.padEnd((weight + 1) * NUMERIC.digits, '0').replace(/^0+/, '');
  fraction = fraction.padEnd(scale, '0').slice(0, scale);
  return `${sign === NUMERIC.negative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}
