import type { ArgumentInfo } from '../../../planner/catalog.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  MAX_DECIMAL_PRECISION,
  NULL,
  OPEN_DECIMAL,
  sameType,
  TEXT,
  TIMESTAMP,
  type TypeKind,
  timestamp,
  UNIT_DIGITS,
} from '../../types/data-type.ts';

/** Kinds of types as overload resolution sees them (PostgreSQL, Type Conversion: categories and preferred types). */

const CATEGORY: Readonly<Record<TypeKind, string>> = {
  boolean: 'boolean',
  int32: 'numeric',
  int64: 'numeric',
  decimal: 'numeric',
  float64: 'numeric',
  text: 'string',
  date: 'datetime',
  timestamp: 'datetime',
  interval: 'timespan',
  null: 'unknown',
};

const PREFERRED: ReadonlySet<TypeKind> = new Set(['boolean', 'float64', 'text', 'timestamp', 'interval']);

const WIDENINGS: Readonly<Partial<Record<TypeKind, readonly TypeKind[]>>> = {
  int32: ['int64', 'decimal', 'float64'],
  int64: ['decimal', 'float64'],
  decimal: ['float64'],
  date: ['timestamp'],
};

export function categoryOf(kind: TypeKind): string {
  return CATEGORY[kind];
}

export function isPreferred(kind: TypeKind): boolean {
  return PREFERRED.has(kind);
}

/** Whether a value of one kind becomes one of the other unasked. */
export function coercible(from: TypeKind, to: TypeKind): boolean {
  return from === to || from === 'null' || (WIDENINGS[from]?.includes(to) ?? false);
}

export function isUntyped(argument: ArgumentInfo): boolean {
  return argument.untyped || argument.type.kind === 'null';
}

const PLAIN: Readonly<Record<Exclude<TypeKind, 'decimal'>, DataType>> = {
  boolean: BOOLEAN,
  int32: INT32,
  int64: INT64,
  float64: FLOAT64,
  text: TEXT,
  date: DATE,
  timestamp: TIMESTAMP,
  interval: INTERVAL,
  null: NULL,
};

/** The decimal type that holds every value of an integer or decimal type. */
export function asDecimal(type: DataType): { readonly precision: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return type;
  if (type.kind === 'int32') return { precision: 10, scale: 0 };
  return type.kind === 'int64' ? { precision: 19, scale: 0 } : undefined;
}

/** The argument's type once it is of `kind`: its own parameters where it has them, else wide enough for its values. */
export function coerced(argument: ArgumentInfo, kind: TypeKind): DataType {
  if (!isUntyped(argument) && argument.type.kind === kind) return argument.type;
  if (kind !== 'decimal') return PLAIN[kind];
  const exact = isUntyped(argument) ? undefined : asDecimal(argument.type);
  return exact === undefined ? OPEN_DECIMAL : decimal(exact.precision, exact.scale);
}

/** The timestamp type that holds the values of both. */
export function commonTimestamp(a: DataType, b: DataType): DataType {
  if (a.kind !== 'timestamp') return b;
  if (b.kind !== 'timestamp') return a;
  return timestamp(UNIT_DIGITS[a.unit] >= UNIT_DIGITS[b.unit] ? a.unit : b.unit, a.zoned || b.zoned);
}

function commonDecimal(a: DataType, b: DataType): DataType | undefined {
  const x = asDecimal(a);
  const y = asDecimal(b);
  if (x === undefined || y === undefined) return undefined;
  const digits = Math.max(x.precision - x.scale, y.precision - y.scale);
  // Where not all fit, a value that needs the digits before the point is an error; those after it would go silently.
  const scale = Math.max(x.scale, y.scale);
  return decimal(Math.min(MAX_DECIMAL_PRECISION, digits + scale), scale);
}

function commonOfTwo(a: DataType, b: DataType): DataType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    const exact = commonDecimal(a, b);
    if (exact !== undefined) return exact;
  }
  if (a.kind === 'timestamp' || b.kind === 'timestamp') {
    return categoryOf(a.kind) === categoryOf(b.kind) ? commonTimestamp(a, b) : undefined;
  }
  if (coercible(a.kind, b.kind)) return b;
  return coercible(b.kind, a.kind) ? a : undefined;
}

/**
 * The type of CASE branches, UNION columns, IN lists (PostgreSQL 10.5): text when nothing has a type, undefined when the
 * types do not go together.
 */
export function commonType(arguments_: readonly ArgumentInfo[]): DataType | undefined {
  let common: DataType | undefined;
  for (const argument of arguments_) {
    if (isUntyped(argument)) continue;
    common = common === undefined ? argument.type : commonOfTwo(common, argument.type);
    if (common === undefined) return undefined;
  }
  return common ?? TEXT;
}
