import type { ArgumentInfo } from '../../../planner/catalog.ts';
import { civilFromDays, daysFromCivil, daysInMonth } from '../../types/calendar.ts';
import { type DataType, INT32, INT64, INTERVAL, TIMESTAMP, UNIT_DIGITS, valueWidth } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Values, Vector } from '../../types/vector.ts';
import { type IntervalValue, readValue } from '../../types/vector-read.ts';
import type { TableFunctionDefinition } from '../definition.ts';
import { coercible, commonType, isUntyped } from '../resolve/coerce.ts';

/** generate_series(start, stop[, step]): both ends belong to it; a NULL anywhere gives no rows (PostgreSQL, 9.25). */

/** Rows of a batch at most: storage's SEGMENT_ROWS. */
const BATCH_ROWS = 65536;

function resolveTypes(arguments_: readonly ArgumentInfo[]): readonly DataType[] | undefined {
  const [start, stop, step] = arguments_;
  if (start === undefined || stop === undefined || arguments_.length > 3) return undefined;
  const ends = commonType([start, stop]);
  if (ends?.kind === 'date' || ends?.kind === 'timestamp') {
    if (step === undefined || !(isUntyped(step) || step.type.kind === 'interval')) return undefined;
    const type = ends.kind === 'date' ? TIMESTAMP : ends;
    return [type, type, INTERVAL];
  }
  const type = isUntyped(start) && isUntyped(stop) ? INT32 : commonType([...arguments_]);
  if (type === undefined || !(type.kind === 'decimal' || coercible(type.kind, 'int64'))) return undefined;
  return arguments_.map(() => type);
}

function zeroStep(): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, 'step size cannot equal zero');
}

/** Values from start on; `valueAt` gives those after it, in order. */
function* batchesOf(
  type: DataType,
  start: bigint,
  stop: bigint,
  ascending: boolean,
  valueAt: (n: bigint) => bigint,
): Iterable<{ readonly length: number; readonly columns: readonly Vector[] }> {
  const goesOn = (value: bigint): boolean => (ascending ? value <= stop : value >= stop);
  let n = 0n;
  let value = start;
  while (goesOn(value)) {
    const values: bigint[] = [];
    while (values.length < BATCH_ROWS && goesOn(value)) {
      values.push(value);
      value = valueAt(++n);
    }
    const column: Vector = {
      type,
      length: values.length,
      validity: null,
      values: packed(type, values),
      offsets: null,
      dictionary: null,
    };
    yield { length: values.length, columns: [column] };
  }
}

function packed(type: DataType, values: readonly bigint[]): Values {
  if (valueWidth(type) === 4) return Int32Array.from(values, Number);
  if (valueWidth(type) === 8) return BigInt64Array.from(values);
  return BigInt64Array.from(values.flatMap((value) => [BigInt.asIntN(64, value), value >> 64n]));
}

/** value + n × interval, the months first. */
function shifter(type: DataType, start: bigint, { months, days, nanoseconds }: IntervalValue): (n: bigint) => bigint {
  const perSecond = 10n ** BigInt(type.kind === 'timestamp' ? UNIT_DIGITS[type.unit] : 0);
  const perDay = 86_400n * perSecond;
  const fixed = BigInt(days) * perDay + (nanoseconds * perSecond) / 1_000_000_000n;
  if (months === 0) return (n) => start + n * fixed;
  let value = start;
  return () => {
    const inDay = ((value % perDay) + perDay) % perDay;
    const date = civilFromDays(Number((value - inDay) / perDay));
    const total = date.year * 12 + date.month - 1 + months;
    const year = Math.floor(total / 12);
    const month = total - year * 12 + 1;
    const day = daysFromCivil(year, month, Math.min(date.day, daysInMonth(year, month)));
    value = BigInt(day) * perDay + inDay + fixed;
    return value;
  };
}

function isInterval(value: unknown): value is IntervalValue {
  return typeof value === 'object' && value !== null && 'months' in value;
}

export const generateSeries: TableFunctionDefinition = {
  name: 'generate_series',
  summary: 'the values from a start to a stop by steps',
  resolve: (arguments_) => {
    const argumentTypes = resolveTypes(arguments_);
    const type = argumentTypes?.[0];
    if (argumentTypes === undefined || type === undefined) return undefined;
    return { argumentTypes, columns: [{ name: 'generate_series', type, nullable: false }] };
  },
  rows: (arguments_) => {
    const [start, stop, step = unscaledOne(arguments_[0]?.type ?? INT64)] = arguments_.map((vector) => readValue(vector, 0));
    const type = arguments_[0]?.type ?? INT64;
    if (start === null || stop === null || step === null) return [];
    const [first, last] = [BigInt(String(start)), BigInt(String(stop))];
    if (isInterval(step)) {
      const size = BigInt(step.months) * 30n * 86_400_000_000_000n + BigInt(step.days) * 86_400_000_000_000n + step.nanoseconds;
      if (size === 0n) throw zeroStep();
      return batchesOf(type, first, last, size > 0n, shifter(type, first, step));
    }
    const size = BigInt(String(step));
    if (size === 0n) throw zeroStep();
    return batchesOf(type, first, last, size > 0n, (n) => first + n * size);
  },
};

function unscaledOne(type: DataType): bigint {
  return type.kind === 'decimal' ? 10n ** BigInt(type.scale) : 1n;
}
