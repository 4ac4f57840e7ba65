import type { ParameterInput } from '../../engine/parameters.ts';
import { type DataType, UNIT_DIGITS } from '../../types/data-type.ts';
import { notSupported } from '../../types/error.ts';
import type { Vector } from '../../types/vector.ts';
import { OID } from './types.ts';

/** PostgreSQL counts days and microseconds from 2000-01-01 (src/include/datatype/timestamp.h). */
const EPOCH_DAYS = 10_957;
const EPOCH_US = 946_684_800_000_000n;
const MICROSECOND_DIGITS = 6;

/** Whether values of a type can be sent in binary format. */
export function hasBinaryFormat(type: DataType): boolean {
  return type.kind !== 'decimal' && type.kind !== 'interval' && !(type.kind === 'timestamp' && type.unit === 'ns');
}

/** Writes one value of a column in binary format; `text` gives the text of a row. */
export function binaryReader(vector: Vector, text: (row: number) => string): (row: number) => Buffer {
  const { type, values } = vector;
  const fixed =
    (size: number, put: (buffer: Buffer, row: number) => void) =>
    (row: number): Buffer => {
      const buffer = Buffer.allocUnsafe(size);
      put(buffer, row);
      return buffer;
    };
  switch (type.kind) {
    case 'boolean':
      return fixed(1, (buffer, row) => buffer.writeUInt8((Number(values[row >> 3] ?? 0) >> (row & 7)) & 1));
    case 'int32':
      return fixed(4, (buffer, row) => buffer.writeInt32BE(Number(values[row] ?? 0)));
    case 'int64':
      return fixed(8, (buffer, row) => buffer.writeBigInt64BE(BigInt(values[row] ?? 0)));
    case 'float64':
      return fixed(8, (buffer, row) => buffer.writeDoubleBE(Number(values[row] ?? 0)));
    case 'date':
      return fixed(4, (buffer, row) => buffer.writeInt32BE(Number(values[row] ?? 0) - EPOCH_DAYS));
    case 'timestamp': {
      const factor = 10n ** BigInt(Math.max(0, MICROSECOND_DIGITS - UNIT_DIGITS[type.unit]));
      return fixed(8, (buffer, row) => buffer.writeBigInt64BE(BigInt(values[row] ?? 0) * factor - EPOCH_US));
    }
    case 'text':
    case 'null':
      return (row) => Buffer.from(text(row));
    case 'decimal':
    case 'interval':
      throw notSupported(`the binary format of ${type.kind}`, { hint: 'Ask for this column in text format.' });
  }
}

/** A parameter in binary format. Throws 0A000 for a type that is only read as text. */
export function binaryParameter(bytes: Buffer, oid: number): ParameterInput {
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
    case OID.unknown:
    case 0:
      return bytes.toString();
    case OID.date:
      return new Date((bytes.readInt32BE() + EPOCH_DAYS) * 86_400_000).toISOString().slice(0, 10);
    case OID.timestamp:
    case OID.timestamptz:
      return timestampText(bytes.readBigInt64BE() + EPOCH_US);
    default:
      throw notSupported(`the binary format of parameter type ${oid}`, { hint: 'Send it as text.' });
  }
}

/** Microseconds since 1970 as ISO text with all six digits. */
function timestampText(us: bigint): string {
  const second = us / 1_000_000n - (us % 1_000_000n < 0n ? 1n : 0n);
  const fraction = us - second * 1_000_000n;
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(6, '0')}`;
}
