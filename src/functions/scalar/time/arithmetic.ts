import { pushRoundedQuotient } from '../../../exec/expression/rounded-division.ts';
import { addDays, joinDay, splitDay, timestampType, unitsPerDay, unitsPerSecond } from '../../../exec/expression/time.ts';
import { only, part, valueFrom } from '../../../exec/expression/values.ts';
import { addMonths } from '../../../exec/runtime/calendar.ts';
import { DATE, type DataType, INT32, INTERVAL, TIMESTAMP, type TimestampType } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, Emitter, ScalarOverload, Value } from '../../definition.ts';
import { argument, firstType } from '../emitters.ts';

/** Dates, timestamps and intervals added and subtracted (PostgreSQL, 9.9, table 9.32). */

function raiseRange(context: EmitContext, what: 'timestamp' | 'interval'): void {
  context.raise(SQLSTATE.datetimeFieldOverflow, `${what} out of range`);
}

/** a ± b of one width in a new local; raises where it does not fit. */
function sum(context: EmitContext, a: Local, b: Local, sign: 1 | -1, what: 'timestamp' | 'interval'): Local {
  const { f } = context;
  const width = a.type === 'i32' ? 'i32' : 'i64';
  const result = f.local(width);
  f.get(a)
    .get(b)
    .op(sign === 1 ? `${width}.add` : `${width}.sub`)
    .set(result);
  f.get(a).get(result).op(`${width}.xor`);
  if (sign === 1) f.get(b).get(result);
  else f.get(a).get(b);
  f.op(`${width}.xor`).op(`${width}.and`);
  if (width === 'i32') f.i32(0).op('i32.lt_s');
  else f.i64(0n).op('i64.lt_s');
  f.ifThen(() => raiseRange(context, what));
  return result;
}

/** Nanoseconds as the timestamp's units, rounded half away from zero. */
function inUnits(context: EmitContext, nanoseconds: Local, type: TimestampType): Local {
  const divisor = 1_000_000_000n / unitsPerSecond(type.unit);
  if (divisor === 1n) return nanoseconds;
  const { f } = context;
  const result = f.local('i64');
  pushRoundedQuotient(f, nanoseconds, divisor).set(result);
  return result;
}

/** First months (the day cut to the month's last), then days, then time. */
export function shift(context: EmitContext, moment: Value, interval: Value, sign: 1 | -1, months: boolean): Value {
  const { f } = context;
  const type = timestampType(moment.type);
  const [monthsPart, daysPart, timePart] = [part(interval, 0), part(interval, 1), part(interval, 2)];
  const shifted = f.local('i64');
  f.get(only(moment)).set(shifted);
  if (months) {
    f.get(monthsPart);
    f.ifThen(() => {
      const { day, inDay } = splitDay(context, moment);
      const wanted = f.local('i32');
      // 178000000 years are beyond any calendar: what the month arithmetic can hold
      f.get(monthsPart).i32(2_000_000_000).op('i32.gt_s').get(monthsPart).i32(-2_000_000_000).op('i32.lt_s').op('i32.or');
      f.ifThen(() => raiseRange(context, 'timestamp'));
      f.get(day);
      if (sign === 1) f.get(monthsPart);
      else f.i32(0).get(monthsPart).op('i32.sub');
      context.call(addMonths);
      f.set(wanted);
      f.get(only(joinDay(context, type, wanted, inDay))).set(shifted);
    });
  }
  const days = f.local('i64');
  const limit = (2n ** 63n - 1n) / unitsPerDay(type.unit);
  if (limit < 2n ** 31n) {
    f.get(daysPart).op('i64.extend_i32_s').i64(limit).op('i64.gt_s');
    f.get(daysPart).op('i64.extend_i32_s').i64(-limit).op('i64.lt_s').op('i32.or');
    f.ifThen(() => raiseRange(context, 'timestamp'));
  }
  f.get(daysPart).op('i64.extend_i32_s').i64(unitsPerDay(type.unit)).op('i64.mul').set(days);
  const onDay = sum(context, shifted, days, sign, 'timestamp');
  const at = sum(context, onDay, inUnits(context, timePart, type), sign, 'timestamp');
  return { type, locals: [at], isNull: null, bounds: null };
}

/** Whether the interval may have months: not when it is a constant without. */
function mayHaveMonths(context: EmitContext, position: number): boolean {
  const constant = context.constantOf(position);
  return constant === undefined || constant === null || typeof constant !== 'object' || constant.months !== 0;
}

function shiftBy(sign: 1 | -1, momentAt: 0 | 1): Emitter {
  return (context, arguments_) => {
    const interval = momentAt === 0 ? 1 : 0;
    return shift(context, argument(arguments_, momentAt), argument(arguments_, interval), sign, mayHaveMonths(context, interval));
  };
}

/** A date is its midnight: the result is a timestamp. */
function shiftDate(sign: 1 | -1, dateAt: 0 | 1): Emitter {
  return (context, arguments_) => {
    const interval = dateAt === 0 ? 1 : 0;
    const midnight = joinDay(context, TIMESTAMP, only(argument(arguments_, dateAt)), null);
    return shift(context, midnight, argument(arguments_, interval), sign, mayHaveMonths(context, interval));
  };
}

/** Whole days of 24 hours, and the rest. */
const emitDifference: Emitter = (context, arguments_) => {
  const { f } = context;
  const [a, b] = [argument(arguments_, 0), argument(arguments_, 1)];
  const type = timestampType(a.type);
  const difference = sum(context, only(a), only(b), -1, 'interval');
  const perDay = unitsPerDay(type.unit);
  const result = context.newValue(INTERVAL);
  const days = f.local('i64');
  f.get(difference).i64(perDay).op('i64.div_s').tee(days).op('i32.wrap_i64').tee(part(result, 1));
  f.op('i64.extend_i32_s').get(days).op('i64.ne');
  f.ifThen(() => raiseRange(context, 'interval'));
  f.i32(0).set(part(result, 0));
  f.get(difference)
    .i64(perDay)
    .op('i64.rem_s')
    .i64(1_000_000_000n / unitsPerSecond(type.unit))
    .op('i64.mul')
    .set(part(result, 2));
  return result;
};

function emitIntervalSum(sign: 1 | -1): Emitter {
  return (context, arguments_) => {
    const [a, b] = [argument(arguments_, 0), argument(arguments_, 1)];
    const locals = a.locals.map((local, i) => sum(context, local, part(b, i), sign, 'interval'));
    return { type: INTERVAL, locals, isNull: null, bounds: null };
  };
}

/**
 * interval × factor as PostgreSQL's interval_mul: the fraction of a month becomes days of 30, that of a day time, rounded
 * to a microsecond.
 */
function emitScaled(intervalAt: 0 | 1, pushFactor: (context: EmitContext, factor: Local) => void): Emitter {
  return (context, arguments_) => {
    const { f } = context;
    const interval = argument(arguments_, intervalAt);
    const factor = f.local('f64');
    pushFactor(context, only(argument(arguments_, 1 - intervalAt)));
    f.set(factor);
    const result = context.newValue(INTERVAL);
    const months = f.local('f64');
    const days = f.local('f64');
    const seconds = f.local('f64');
    f.get(part(interval, 0)).op('f64.convert_i32_s').get(factor).op('f64.mul').set(months);
    f.get(part(interval, 1)).op('f64.convert_i32_s').get(factor).op('f64.mul').set(days);
    for (const each of [months, days]) {
      f.get(each)
        .op('f64.abs')
        .f64(2 ** 31)
        .op('f64.lt')
        .op('i32.eqz');
      f.ifThen(() => raiseRange(context, 'interval'));
    }
    f.get(months).op('i32.trunc_sat_f64_s').set(part(result, 0));
    f.get(days).op('i32.trunc_sat_f64_s').set(part(result, 1));
    const monthDays = f.local('f64');
    // fractions are rounded to microseconds first (TSROUND), so that 1.1 months are 1 month 3 days
    const fraction = (value: Local, size: number): void => {
      f.get(value).get(value).op('f64.trunc').op('f64.sub').f64(size).op('f64.mul');
      f.f64(1e6).op('f64.mul').op('f64.nearest').f64(1e6).op('f64.div');
    };
    fraction(months, 30);
    f.set(monthDays);
    f.get(days).get(days).op('f64.trunc').op('f64.sub').get(monthDays).op('f64.add').get(monthDays).op('f64.trunc').op('f64.sub');
    f.f64(86400).op('f64.mul').f64(1e6).op('f64.mul').op('f64.nearest').f64(1e6).op('f64.div').set(seconds);
    f.get(seconds).op('f64.abs').f64(86400).op('f64.ge');
    f.ifThen(() => {
      f.get(part(result, 1)).get(seconds).f64(86400).op('f64.div').op('i32.trunc_sat_f64_s').op('i32.add').set(part(result, 1));
      f.get(seconds).get(seconds).f64(86400).op('f64.div').op('f64.trunc').f64(86400).op('f64.mul').op('f64.sub').set(seconds);
    });
    f.get(part(result, 1)).get(monthDays).op('i32.trunc_sat_f64_s').op('i32.add').set(part(result, 1));
    const micros = f.local('f64');
    f.get(part(interval, 2)).op('f64.convert_i64_s').f64(1000).op('f64.div').get(factor).op('f64.mul');
    f.get(seconds).f64(1e6).op('f64.mul').op('f64.add').op('f64.nearest').set(micros);
    f.get(micros).op('f64.abs').f64(9.2e15).op('f64.lt').op('i32.eqz');
    f.ifThen(() => raiseRange(context, 'interval'));
    f.get(micros).op('i64.trunc_sat_f64_s').i64(1000n).op('i64.mul').set(part(result, 2));
    return result;
  };
}

const asTimestamp = (): DataType => TIMESTAMP;
const toDate = (): DataType => DATE;
const toInterval = (): DataType => INTERVAL;

export const timeAdd: readonly ScalarOverload[] = [
  { arguments: ['date', 'int32'], returns: toDate, emit: (c, a) => addDays(c, argument(a, 0), argument(a, 1), 1) },
  { arguments: ['int32', 'date'], returns: toDate, emit: (c, a) => addDays(c, argument(a, 1), argument(a, 0), 1) },
  { arguments: ['date', 'interval'], returns: asTimestamp, emit: shiftDate(1, 0) },
  { arguments: ['interval', 'date'], returns: asTimestamp, emit: shiftDate(1, 1) },
  { arguments: ['timestamp', 'interval'], returns: firstType, emit: shiftBy(1, 0) },
  { arguments: ['interval', 'timestamp'], returns: ([, type]) => type, emit: shiftBy(1, 1) },
  { arguments: ['interval', 'interval'], returns: toInterval, emit: emitIntervalSum(1) },
];

export const timeSubtract: readonly ScalarOverload[] = [
  { arguments: ['date', 'int32'], returns: toDate, emit: (c, a) => addDays(c, argument(a, 0), argument(a, 1), -1) },
  {
    arguments: ['date', 'date'],
    returns: () => INT32,
    total: true,
    emit: (context, arguments_) =>
      valueFrom(context, INT32, null, () =>
        context.f
          .get(only(argument(arguments_, 0)))
          .get(only(argument(arguments_, 1)))
          .op('i32.sub'),
      ),
  },
  { arguments: ['date', 'interval'], returns: asTimestamp, emit: shiftDate(-1, 0) },
  { arguments: ['timestamp', 'interval'], returns: firstType, emit: shiftBy(-1, 0) },
  { arguments: ['timestamp', { sameAs: 0 }], returns: toInterval, emit: emitDifference },
  { arguments: ['interval', 'interval'], returns: toInterval, emit: emitIntervalSum(-1) },
];

export const intervalMultiply: readonly ScalarOverload[] = [
  { arguments: ['interval', 'float64'], returns: toInterval, emit: emitScaled(0, ({ f }, factor) => f.get(factor)) },
  { arguments: ['float64', 'interval'], returns: toInterval, emit: emitScaled(1, ({ f }, factor) => f.get(factor)) },
];

export const intervalDivide: ScalarOverload = {
  arguments: ['interval', 'float64'],
  returns: toInterval,
  emit: emitScaled(0, (context, divisor) => {
    const { f } = context;
    f.get(divisor).f64(0).op('f64.eq');
    f.ifThen(() => context.raise(SQLSTATE.divisionByZero, 'division by zero'));
    f.f64(1).get(divisor).op('f64.div');
  }),
};
