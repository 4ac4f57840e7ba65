import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  MAX_DECIMAL64_PRECISION,
  TEXT,
  TIMESTAMPTZ,
  timestamp,
  typeName,
} from '../../types/data-type.ts';
import { notSupported } from '../../types/error.ts';

/** DuckDB keeps decimals of this precision and more (up to 18) in 64 bits, as we do all up to 18. */
const LEAST_64_BIT_PRECISION = 10;

/** How a DuckDB type comes here: its type and the DuckDB type whose vectors have our layout. */
export interface Incoming {
  readonly type: DataType;
  readonly read: string;
}

/**
 * Small integers widen, unsigned and huge ones become exact decimals, FLOAT becomes double precision; times, UUIDs and
 * enums come as text. Throws 0A000 for nested and binary types.
 */
export function incoming(name: string, type: DuckDBType): Incoming {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { type: BOOLEAN, read: 'BOOLEAN' };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.SQLNULL:
      return { type: INT32, read: 'INTEGER' };
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.BIGINT:
      return { type: INT64, read: 'BIGINT' };
    case DuckDBTypeId.UBIGINT:
      return { type: decimal(20, 0), read: 'DECIMAL(20, 0)' };
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return { type: decimal(38, 0), read: 'DECIMAL(38, 0)' };
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return { type: FLOAT64, read: 'DOUBLE' };
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type;
      return { type: decimal(width, scale), read: wideDecimal(width, scale) };
    }
    case DuckDBTypeId.DATE:
      return { type: DATE, read: 'DATE' };
    case DuckDBTypeId.TIMESTAMP_S:
      return { type: timestamp('s'), read: 'TIMESTAMP_S' };
    case DuckDBTypeId.TIMESTAMP_MS:
      return { type: timestamp('ms'), read: 'TIMESTAMP_MS' };
    case DuckDBTypeId.TIMESTAMP:
      return { type: timestamp('us'), read: 'TIMESTAMP' };
    case DuckDBTypeId.TIMESTAMP_NS:
      return { type: timestamp('ns'), read: 'TIMESTAMP_NS' };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { type: TIMESTAMPTZ, read: 'TIMESTAMPTZ' };
    case DuckDBTypeId.INTERVAL:
      return { type: INTERVAL, read: 'INTERVAL' };
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.UUID:
    case DuckDBTypeId.ENUM:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_TZ:
      return { type: TEXT, read: 'VARCHAR' };
    default:
      throw notSupported(`column "${name}" of the Parquet type ${type}`, { hint: 'nested and binary columns cannot be read' });
  }
}

/** How one of our types goes out: the DuckDB type whose vectors have our layout, and the one in the file. */
export interface Outgoing {
  readonly write: string;
  readonly file: string;
}

/** Throws 0A000 for what Parquet through DuckDB would round: intervals, and instants in nanoseconds. */
export function outgoing(name: string, type: DataType): Outgoing {
  const same = (sql: string): Outgoing => ({ write: sql, file: sql });
  switch (type.kind) {
    case 'boolean':
      return same('BOOLEAN');
    case 'int32':
    case 'null':
      return same('INTEGER');
    case 'int64':
      return same('BIGINT');
    case 'float64':
      return same('DOUBLE');
    case 'decimal':
      return { write: wideDecimal(type.precision, type.scale), file: `DECIMAL(${type.precision}, ${type.scale})` };
    case 'text':
      return same('VARCHAR');
    case 'date':
      return same('DATE');
    case 'timestamp': {
      if (!type.zoned) return same(type.unit === 'us' ? 'TIMESTAMP' : `TIMESTAMP_${type.unit.toUpperCase()}`);
      if (type.unit === 'ns') throw unsupportedOut(name, type);
      return type.unit === 'us' ? same('TIMESTAMPTZ') : { write: `TIMESTAMP_${type.unit.toUpperCase()}`, file: 'TIMESTAMPTZ' };
    }
    case 'interval':
      throw unsupportedOut(name, type);
  }
}

function unsupportedOut(name: string, type: DataType): Error {
  return notSupported(`column "${name}" of type ${typeName(type)} in a Parquet file`, { hint: 'cast it to TEXT' });
}

/** The decimal as DuckDB keeps it in 64 or 128 bits. */
function wideDecimal(precision: number, scale: number): string {
  const wide = precision > MAX_DECIMAL64_PRECISION ? precision : Math.max(precision, LEAST_64_BIT_PRECISION);
  return `DECIMAL(${wide}, ${scale})`;
}
