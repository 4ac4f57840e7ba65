import {
  BOOLEAN,
  DATE,
  type DataType,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  UNIT_DIGITS,
} from '../../../types/data-type.ts';

/** Object ids of PostgreSQL's built-in types (src/include/catalog/pg_type.dat). */
export const OID = {
  bool: 16,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  float4: 700,
  float8: 701,
  unknown: 705,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
} as const;

/** How a column is announced: type, bytes of a value (−1: varying) and type modifier (−1: none). */
export interface WireType {
  readonly oid: number;
  readonly size: number;
  readonly modifier: number;
}

export function wireType(type: DataType): WireType {
  switch (type.kind) {
    case 'boolean':
      return { oid: OID.bool, size: 1, modifier: -1 };
    case 'int32':
      return { oid: OID.int4, size: 4, modifier: -1 };
    case 'int64':
      return { oid: OID.int8, size: 8, modifier: -1 };
    case 'float64':
      return { oid: OID.float8, size: 8, modifier: -1 };
    case 'decimal':
      return { oid: OID.numeric, size: -1, modifier: ((type.precision << 16) | type.scale) + 4 };
    case 'date':
      return { oid: OID.date, size: 4, modifier: -1 };
    case 'timestamp':
      // PostgreSQL knows no more than six digits; values with nine are announced without a modifier.
      return {
        oid: type.zoned ? OID.timestamptz : OID.timestamp,
        size: 8,
        modifier: UNIT_DIGITS[type.unit] < 6 ? UNIT_DIGITS[type.unit] : -1,
      };
    case 'interval':
      return { oid: OID.interval, size: 16, modifier: -1 };
    case 'text':
    case 'null':
      return { oid: OID.text, size: -1, modifier: -1 };
  }
}

const BY_OID: ReadonlyMap<number, DataType> = new Map<number, DataType>([
  [OID.bool, BOOLEAN],
  [OID.int2, INT32],
  [OID.int4, INT32],
  [OID.int8, INT64],
  [OID.float4, FLOAT64],
  [OID.float8, FLOAT64],
  [OID.text, TEXT],
  [OID.varchar, TEXT],
  [OID.bpchar, TEXT],
  [OID.name, TEXT],
  [OID.date, DATE],
  [OID.timestamp, TIMESTAMP],
  [OID.timestamptz, TIMESTAMPTZ],
  [OID.interval, INTERVAL],
]);

/**
 * The type a client declares for a parameter. Undefined for 0 and unknown, for numeric (which says nothing of its scale),
 * and for types without a twin here: the query decides.
 */
export function typeOfOid(oid: number): DataType | undefined {
  return BY_OID.get(oid);
}
