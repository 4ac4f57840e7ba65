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
  TEXT,
  type TimeUnit,
  timestamp,
  UNIT_DIGITS,
} from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { didYouMean } from '../../src/types/nearest.ts';
import type { Span } from '../../src/types/span.ts';

/** A type as written: lower-case words without the numbers in parentheses (`timestamp with time zone`, `numeric`). */
export interface TypeText {
  readonly name: string;
  readonly arguments: readonly number[];
  readonly span: Span;
}

type TypeRule = (text: TypeText) => DataType;

/** Precision and scale of NUMERIC without arguments: DuckDB's, because a column needs a fixed scale. */
const DEFAULT_DECIMAL = decimal(18, 3);

const integer32 = plain(INT32);
const integer64 = plain(INT64);
const float64 = plain(FLOAT64);
const wallClock: TypeRule = (text) => timestamp(timeUnit(text), false);
const instant: TypeRule = (text) => timestamp(timeUnit(text), true);
/** A length limit is accepted and has no effect: text is text. */
const text = sized(TEXT);

/** PostgreSQL's names; `double` alone as well. Integers narrower than 32 bits and floats narrower than 64 are widened. */
export const STANDARD_TYPES: Readonly<Record<string, TypeRule>> = {
  bool: plain(BOOLEAN),
  boolean: plain(BOOLEAN),
  int2: integer32,
  smallint: integer32,
  int4: integer32,
  int: integer32,
  integer: integer32,
  int8: integer64,
  bigint: integer64,
  float4: float64,
  real: float64,
  float8: float64,
  float: sized(FLOAT64),
  double: float64,
  'double precision': float64,
  numeric: exact,
  decimal: exact,
  dec: exact,
  text: plain(TEXT),
  varchar: text,
  'character varying': text,
  'char varying': text,
  char: text,
  character: text,
  bpchar: text,
  date: plain(DATE),
  timestamp: wallClock,
  'timestamp without time zone': wallClock,
  timestamptz: instant,
  'timestamp with time zone': instant,
  interval: plain(INTERVAL),
};

/** The type that `type` names; 42704 with the nearest name, 22023 for impossible arguments. */
export function standardType(type: TypeText): DataType {
  const rule = Object.hasOwn(STANDARD_TYPES, type.name) ? STANDARD_TYPES[type.name] : undefined;
  if (rule !== undefined) return rule(type);
  const hint = didYouMean(type.name, Object.keys(STANDARD_TYPES));
  throw new LumaError(SQLSTATE.undefinedObject, `type "${type.name}" does not exist`, { span: type.span, hint });
}

function plain(dataType: DataType): TypeRule {
  return (type) => {
    if (type.arguments.length === 0) return dataType;
    throw new LumaError(SQLSTATE.syntaxError, `type "${type.name}" takes no numbers`, { span: type.span });
  };
}

/** At most one number, which has no effect. */
function sized(dataType: DataType): TypeRule {
  return (type) => {
    if (type.arguments.length <= 1) return dataType;
    throw new LumaError(SQLSTATE.syntaxError, `type "${type.name}" takes one number`, { span: type.span });
  };
}

function exact(type: TypeText): DataType {
  const [precision, scale = 0] = type.arguments;
  if (precision === undefined) return DEFAULT_DECIMAL;
  if (type.arguments.length <= 2 && precision >= 1 && precision <= MAX_DECIMAL_PRECISION && scale <= precision) {
    return decimal(precision, scale);
  }
  const hint = `Precision goes from 1 to ${MAX_DECIMAL_PRECISION}, scale from 0 to the precision.`;
  throw invalid(`NUMERIC(${type.arguments.join(', ')}) is impossible`, type, hint);
}

function timeUnit(type: TypeText): TimeUnit {
  const [digits = 6, ...more] = type.arguments;
  const units: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];
  const unit = units.find((each) => UNIT_DIGITS[each] === digits);
  if (unit !== undefined && more.length === 0) return unit;
  const hint = 'A timestamp counts seconds (0), milliseconds (3), microseconds (6) or nanoseconds (9).';
  throw invalid(`TIMESTAMP(${type.arguments.join(', ')}) is impossible`, type, hint);
}

function invalid(message: string, type: TypeText, hint: string): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, message, { span: type.span, hint });
}
