import { INT64, type TimestampType, type TimeUnit } from '../../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { formatDate, formatDecimal, formatFloat, formatInterval, formatTimestamp } from '../../../types/format.ts';
import { parseBoolean, parseDecimal, parseFloat64, parseValue } from '../../../types/parse.ts';
import { parseDate, parseTimestamp } from '../../../types/parse-datetime.ts';
import { parseInterval } from '../../../types/parse-interval.ts';
import { joinInt128 } from '../../../types/vector-read.ts';
import { splitInt128 } from './decimal.ts';
import type { TextExchange } from './exchange.ts';

/** How reading a value from text ended: well, with a text that is no value of the type, or with one out of its range. */
const PARSED = 0;
export const INVALID = 1;
const OUT_OF_RANGE = 2;

const UNITS: readonly (readonly [digits: number, unit: TimeUnit])[] = [
  [0, 's'],
  [3, 'ms'],
  [6, 'us'],
  [9, 'ns'],
];

/** Timestamp types by fraction digits × 2 + zoned. */
const TIMESTAMPS = new Map<number, TimestampType>(
  UNITS.flatMap(([digits, unit]) => [
    [digits * 2, { kind: 'timestamp', unit, zoned: false }],
    [digits * 2 + 1, { kind: 'timestamp', unit, zoned: true }],
  ]),
);

function timestampType(digits: number, zoned: number): TimestampType {
  const type = TIMESTAMPS.get(digits * 2 + zoned);
  if (type === undefined) throw new RangeError(`no timestamp has ${digits} digits`);
  return type;
}

/** The results of `parse`, or `nothing`, and then how it ended. */
function attempt<T extends number | bigint>(parse: () => readonly T[], nothing: readonly T[]): (T | number)[] {
  try {
    return [...parse(), PARSED];
  } catch (thrown) {
    if (!(thrown instanceof LumaError)) throw thrown;
    const invalid = thrown.code === SQLSTATE.invalidTextRepresentation || thrown.code === SQLSTATE.invalidDatetimeFormat;
    return [...nothing, invalid ? INVALID : OUT_OF_RANGE];
  }
}

/** PostgreSQL's calendar ends with 5874897-12-31; 22008 beyond. */
function existingDay(day: number): number {
  if (day >= -2440588 && day <= 2145031948) return day;
  throw new LumaError(SQLSTATE.datetimeFieldOverflow, 'date out of range');
}

/** Casts between text and other types, by the formats of `src/types`. */
export function conversionImports(exchange: TextExchange): Record<string, (...args: never[]) => unknown> {
  const read = (address: number, length: number): string => exchange.read(address, length);
  const give = (text: string): number => exchange.give(text);
  return {
    format_int: (value: bigint) => give(value.toString()),
    format_float: (value: number) => give(formatFloat(value)),
    format_decimal: (low: bigint, high: bigint, scale: number) => give(formatDecimal(joinInt128(low, high), scale)),
    format_date: (days: number) => give(formatDate(days)),
    format_timestamp: (value: bigint, digits: number, zoned: number) =>
      give(formatTimestamp(value, timestampType(digits, zoned))),
    format_interval: (months: number, days: number, nanoseconds: bigint) => give(formatInterval({ months, days, nanoseconds })),
    parse_int: (address: number, length: number) =>
      attempt(() => [BigInt(String(parseValue(read(address, length), INT64)))], [0n]),
    parse_float: (address: number, length: number) => attempt(() => [parseFloat64(read(address, length))], [0]),
    parse_decimal: (address: number, length: number, precision: number, scale: number) =>
      attempt(() => splitInt128(parseDecimal(read(address, length), precision, scale)), [0n, 0n]),
    parse_boolean: (address: number, length: number) => attempt(() => [parseBoolean(read(address, length)) ? 1 : 0], [0]),
    parse_date: (address: number, length: number) => attempt(() => [existingDay(parseDate(read(address, length)))], [0]),
    parse_timestamp: (address: number, length: number, digits: number, zoned: number) =>
      attempt(() => [parseTimestamp(read(address, length), timestampType(digits, zoned))], [0n]),
    parse_interval: (address: number, length: number) =>
      attempt<number | bigint>(() => {
        const { months, days, nanoseconds } = parseInterval(read(address, length));
        return [months, days, nanoseconds];
      }, [0, 0, 0n]),
  };
}
