/** Arrow's time units; a timestamp's values count these since 1970-01-01T00:00:00Z. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

export interface BooleanType {
  readonly kind: 'boolean';
}
export interface Int32Type {
  readonly kind: 'int32';
}
export interface Int64Type {
  readonly kind: 'int64';
}
export interface Float64Type {
  readonly kind: 'float64';
}
/** Exact: value × 10^scale as an integer, int64 up to precision 18, int128 (two little-endian int64) up to 38. */
export interface DecimalType {
  readonly kind: 'decimal';
  readonly precision: number;
  readonly scale: number;
}
/** UTF-8, compared by code point. */
export interface TextType {
  readonly kind: 'text';
}
/** Days since 1970-01-01, int32. */
export interface DateType {
  readonly kind: 'date';
}
/** int64 in `unit`; `zoned` values are instants in UTC, the others wall-clock times. */
export interface TimestampType {
  readonly kind: 'timestamp';
  readonly unit: TimeUnit;
  readonly zoned: boolean;
}
/** A calendar span: months (int32), days (int32), nanoseconds (int64), packed as Arrow's MonthDayNano (16 bytes). */
export interface IntervalType {
  readonly kind: 'interval';
}
/** The type of a bare NULL; it takes any other type. */
export interface NullType {
  readonly kind: 'null';
}

export type DataType =
  | BooleanType
  | Int32Type
  | Int64Type
  | Float64Type
  | DecimalType
  | TextType
  | DateType
  | TimestampType
  | IntervalType
  | NullType;

export type TypeKind = DataType['kind'];

export const BOOLEAN: BooleanType = { kind: 'boolean' };
export const INT32: Int32Type = { kind: 'int32' };
export const INT64: Int64Type = { kind: 'int64' };
export const FLOAT64: Float64Type = { kind: 'float64' };
export const TEXT: TextType = { kind: 'text' };
export const DATE: DateType = { kind: 'date' };
export const INTERVAL: IntervalType = { kind: 'interval' };
export const NULL: NullType = { kind: 'null' };
export const TIMESTAMP: TimestampType = { kind: 'timestamp', unit: 'us', zoned: false };
export const TIMESTAMPTZ: TimestampType = { kind: 'timestamp', unit: 'us', zoned: true };

export const MAX_DECIMAL64_PRECISION = 18;
export const MAX_DECIMAL_PRECISION = 38;

export function decimal(precision: number, scale: number): DecimalType {
  return { kind: 'decimal', precision, scale };
}

/** Wide enough for a number whose digits are not known before it comes: a parameter, a text. */
export const OPEN_DECIMAL: DecimalType = decimal(MAX_DECIMAL_PRECISION, 10);

export function timestamp(unit: TimeUnit, zoned = false): TimestampType {
  return { kind: 'timestamp', unit, zoned };
}

/** Units per second, as a power of ten. */
export const UNIT_DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return a.unit === b.unit && a.zoned === b.zoned;
  return true;
}

/** Bytes of one value in the values buffer; booleans are bits (0), text has offsets instead (0). */
export function valueWidth(type: DataType): 0 | 4 | 8 | 16 {
  switch (type.kind) {
    case 'boolean':
    case 'text':
    case 'null':
      return 0;
    case 'int32':
    case 'date':
      return 4;
    case 'int64':
    case 'float64':
    case 'timestamp':
      return 8;
    case 'decimal':
      return type.precision > MAX_DECIMAL64_PRECISION ? 16 : 8;
    case 'interval':
      return 16;
  }
}

export function isNumeric(type: DataType): boolean {
  return type.kind === 'int32' || type.kind === 'int64' || type.kind === 'float64' || type.kind === 'decimal';
}

/** The SQL name, as LQL prints and parses it. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'int32':
      return 'INTEGER';
    case 'int64':
      return 'BIGINT';
    case 'float64':
      return 'DOUBLE PRECISION';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'text':
      return 'TEXT';
    case 'date':
      return 'DATE';
    case 'timestamp': {
      const digits = type.unit === 'us' ? '' : `(${UNIT_DIGITS[type.unit]})`;
      return `TIMESTAMP${digits}${type.zoned ? ' WITH TIME ZONE' : ''}`;
    }
    case 'interval':
      return 'INTERVAL';
    case 'null':
      return 'NULL';
  }
}
