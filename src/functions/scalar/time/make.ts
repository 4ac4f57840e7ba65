import { pushComparison } from '../../../exec/expression/compare.ts';
import {
  checkDay,
  dateOf,
  floorMultiple,
  joinDay,
  splitDay,
  timestampType,
  unitsPerDay,
  unitsPerSecond,
} from '../../../exec/expression/time.ts';
import { only, part } from '../../../exec/expression/values.ts';
import { civilFromDays, daysFromCivil, daysInMonth } from '../../../exec/runtime/calendar.ts';
import { importedRoutine } from '../../../exec/runtime/routine.ts';
import { BOOLEAN, DATE, type DataType, INT64, INTERVAL, TIMESTAMP, TIMESTAMPTZ } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, Emitter, ScalarDefinition, ScalarOverload, Value } from '../../definition.ts';
import { argument } from '../emitters.ts';
import { emitLower } from '../text/basic.ts';

/** Making dates and timestamps, and putting them into buckets. */

/** The day of a calendar date; 22008 when there is none. A negative year is BC. */
function makeDay(context: EmitContext, [year, month, day]: readonly [Local, Local, Local]): Local {
  const { f } = context;
  const astronomical = f.local('i32');
  const wide = f.local('i64');
  f.get(year).get(year).i32(0).op('i32.lt_s').op('i32.add').set(astronomical);
  f.get(year).op('i32.eqz');
  f.get(year).i32(5874897).op('i32.gt_s').op('i32.or').get(year).i32(-4713).op('i32.lt_s').op('i32.or');
  f.get(month).i32(1).op('i32.sub').i32(12).op('i32.ge_u').op('i32.or');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'date field value out of range'));
  f.get(day).i32(1).op('i32.sub').get(astronomical).get(month);
  context.call(daysInMonth);
  f.op('i32.ge_u');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'date field value out of range'));
  f.get(astronomical).get(month).get(day);
  context.call(daysFromCivil);
  f.op('i64.extend_i32_s').set(wide);
  return checkDay(context, wide, 'date');
}

function dayOf(context: EmitContext, arguments_: readonly Value[]): Local {
  return makeDay(context, [only(argument(arguments_, 0)), only(argument(arguments_, 1)), only(argument(arguments_, 2))]);
}

/** Seconds are rounded to a microsecond; 60 is the next minute. */
const emitMakeTimestamp: Emitter = (context, arguments_) => {
  const { f } = context;
  const day = dayOf(context, arguments_);
  const [hour, minute, second] = [3, 4, 5].map((i) => only(argument(arguments_, i)));
  if (hour === undefined || minute === undefined || second === undefined)
    throw new RangeError('make_timestamp has six arguments');
  const time = f.local('i64');
  f.get(hour).i32(24).op('i32.gt_u').get(minute).i32(59).op('i32.gt_u').op('i32.or');
  f.get(second).f64(0).op('f64.ge').get(second).f64(60).op('f64.le').op('i32.and').op('i32.eqz').op('i32.or');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'time field value out of range'));
  f.get(hour).i32(60).op('i32.mul').get(minute).op('i32.add').op('i64.extend_i32_s').i64(60_000_000n).op('i64.mul');
  f.get(second).f64(1e6).op('f64.mul').op('f64.nearest').op('i64.trunc_sat_f64_s').op('i64.add').tee(time);
  f.i64(86_400_000_000n).op('i64.gt_s');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'time field value out of range'));
  return joinDay(context, TIMESTAMP, day, time);
};

/** Seconds since 1970 as an instant. */
const emitFromEpoch: Emitter = (context, arguments_) => {
  const { f } = context;
  const seconds = only(argument(arguments_, 0));
  const result = context.newValue(TIMESTAMPTZ);
  // the calendar of PostgreSQL's timestamps: 4713 BC to 294276 AD
  f.get(seconds).f64(-210866803200).op('f64.ge').get(seconds).f64(9224318016000).op('f64.lt').op('i32.and').op('i32.eqz');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'timestamp out of range'));
  f.get(seconds).f64(1e6).op('f64.mul').op('f64.nearest').op('i64.trunc_sat_f64_s').set(only(result));
  return result;
};

/** The stride in the timestamp's units; it has no months and is positive. */
function strideOf(context: EmitContext, interval: Value, perSecond: bigint, name: string): Local {
  const { f } = context;
  const stride = f.local('i64');
  f.get(part(interval, 0));
  f.ifThen(() =>
    context.raise(SQLSTATE.featureNotSupported, 'timestamps cannot be binned into intervals containing months or years'),
  );
  f.get(part(interval, 1))
    .op('i64.extend_i32_s')
    .i64(86_400n * perSecond)
    .op('i64.mul');
  f.get(part(interval, 2))
    .i64(1_000_000_000n / perSecond)
    .op('i64.div_s')
    .op('i64.add')
    .tee(stride);
  f.i64(0n).op('i64.le_s');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, `${name}: stride must be greater than zero`));
  return stride;
}

/** origin + the greatest multiple of the stride that is not after the moment. */
function bin(context: EmitContext, moment: Local, stride: Local, pushOrigin: () => void): Local {
  const { f } = context;
  const distance = f.local('i64');
  const rest = f.local('i64');
  const result = f.local('i64');
  f.get(moment);
  pushOrigin();
  f.op('i64.sub').tee(distance).get(stride).op('i64.rem_s').set(rest);
  f.get(moment).get(rest).op('i64.sub').get(rest).i64(63n).op('i64.shr_s').get(stride).op('i64.and').op('i64.sub').set(result);
  return result;
}

const emitDateBin: Emitter = (context, arguments_) => {
  const [interval, moment, origin] = [argument(arguments_, 0), argument(arguments_, 1), argument(arguments_, 2)];
  const type = timestampType(moment.type);
  const stride = strideOf(context, interval, unitsPerSecond(type.unit), 'date_bin');
  const start = bin(context, only(moment), stride, () => context.f.get(only(origin)));
  return { type, locals: [start], isNull: null, bounds: null };
};

/** 2000-01-03, a Monday: TimescaleDB's origin of buckets without months. */
const MONDAY = 10959;
/** Months from year 0 to 2000-01, the origin of buckets of months. */
const ORIGIN_MONTH = 24000;

/**
 * TimescaleDB's time_bucket: buckets of months begin with a month and count from 2000-01-01 (or the month of the origin);
 * others from 2000-01-03 (or the origin).
 */
const emitTimeBucket: Emitter = (context, arguments_) => {
  const { f } = context;
  const [interval, moment, origin] = [argument(arguments_, 0), argument(arguments_, 1), arguments_[2]];
  const type = timestampType(moment.type);
  const perDay = unitsPerDay(type.unit);
  const result = context.newValue(type);
  f.get(part(interval, 0));
  f.ifElse(
    () => {
      f.get(part(interval, 1)).op('i64.extend_i32_s').get(part(interval, 2)).op('i64.or').op('i64.eqz').op('i32.eqz');
      f.ifThen(() => context.raise(SQLSTATE.featureNotSupported, 'a bucket is months or a fixed time, not both'));
      f.get(part(interval, 0)).i32(0).op('i32.le_s');
      f.ifThen(() => context.raise(SQLSTATE.invalidParameterValue, 'a bucket must be greater than zero'));
      f.get(only(monthBucket(context, moment, part(interval, 0), origin))).set(only(result));
    },
    () => {
      const stride = strideOf(context, interval, unitsPerSecond(type.unit), 'time_bucket');
      const start = bin(context, only(moment), stride, () => {
        if (origin === undefined) f.i64(BigInt(MONDAY) * perDay);
        else f.get(only(origin));
      });
      f.get(start).set(only(result));
    },
  );
  return result;
};

function pushMonths(context: EmitContext, moment: Value): void {
  const { f } = context;
  const month = f.local('i32');
  f.get(splitDay(context, moment).day);
  context.call(civilFromDays);
  f.op('drop').set(month).i32(12).op('i32.mul').get(month).op('i32.add').i32(1).op('i32.sub');
}

function monthBucket(context: EmitContext, moment: Value, stride: Local, origin: Value | undefined): Value {
  const { f } = context;
  const months = f.local('i32');
  const base = f.local('i32');
  const rest = f.local('i32');
  const year = f.local('i32');
  const day = f.local('i32');
  if (origin === undefined) f.i32(ORIGIN_MONTH);
  else pushMonths(context, origin);
  f.set(base);
  pushMonths(context, moment);
  f.tee(months).get(base).op('i32.sub').get(stride).op('i32.rem_s').set(rest);
  f.get(months).get(rest).op('i32.sub').get(rest).i32(31).op('i32.shr_s').get(stride).op('i32.and').op('i32.sub').set(months);
  f.get(months).get(months).i32(31).op('i32.shr_s').i32(11).op('i32.and').op('i32.sub').i32(12).op('i32.div_s').tee(year);
  f.get(months).get(year).i32(12).op('i32.mul').op('i32.sub').i32(1).op('i32.add').i32(1);
  context.call(daysFromCivil);
  f.set(day);
  return joinDay(context, timestampType(moment.type), day, null);
}

/** Dates are bucketed as their midnights. */
const emitDateBucket: Emitter = (context, arguments_) => {
  const midnights = arguments_.map((each) => (each.type.kind === 'date' ? joinDay(context, TIMESTAMP, only(each), null) : each));
  const start = emitTimeBucket(context, midnights, TIMESTAMP);
  return dateOf(splitDay(context, start).day);
};

/** time_bucket over integers: multiples of the width. */
const emitIntegerBucket: Emitter = (context, arguments_) => {
  const { f } = context;
  const [width, value] = [only(argument(arguments_, 0)), only(argument(arguments_, 1))];
  f.get(width).i64(0n).op('i64.le_s');
  f.ifThen(() => context.raise(SQLSTATE.invalidParameterValue, 'a bucket must be greater than zero'));
  const constant = context.constantOf(0);
  if (typeof constant === 'bigint' && constant > 0n) {
    return { type: INT64, locals: [floorMultiple(context, value, constant)], isNull: null, bounds: null };
  }
  return { type: INT64, locals: [bin(context, value, width, () => f.i64(0n))], isNull: null, bounds: null };
};

const ageRoutine = importedRoutine('age', ['i64', 'i64', 'i64'], ['i32', 'i32', 'i64']);

/** Years, months, days and time from the second to the first, by the calendar (timestamp_age). */
const emitAge: Emitter = (context, arguments_) => {
  const { f } = context;
  const [later, earlier] = [argument(arguments_, 0), argument(arguments_, 1)];
  const result = context.newValue(INTERVAL);
  f.get(only(later))
    .get(only(earlier))
    .i64(unitsPerSecond(timestampType(later.type).unit));
  context.call(ageRoutine);
  for (const i of [2, 1, 0]) f.set(part(result, i));
  return result;
};

/** AT TIME ZONE: a wall-clock time becomes an instant and the other way round. Only UTC is known. */
const emitTimezone: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const zone = argument(arguments_, 0);
  const lower = emitLower(context, zone);
  ['utc', 'gmt', 'z', 'etc/utc', 'zulu'].forEach((name, i) => {
    pushComparison(context, 'equal', lower, context.textConstant(name));
    if (i > 0) f.op('i32.or');
  });
  f.op('i32.eqz');
  f.ifThen(() => context.raise(SQLSTATE.featureNotSupported, 'time zone "%" is not supported: times are in UTC', zone));
  return { ...argument(arguments_, 1), type: returns };
};

const clock = importedRoutine('clock_microseconds', [], ['i64']);

const always: ScalarOverload['returns'] = () => BOOLEAN;

function finite(kind: 'date' | 'timestamp' | 'interval'): ScalarOverload {
  return {
    arguments: [kind],
    returns: always,
    total: true,
    emit: (context) => {
      const result = context.newValue(BOOLEAN, { min: 1n, max: 1n });
      context.f.i32(1).set(only(result));
      return result;
    },
  };
}

const sameMoment = ([, type]: readonly DataType[]): DataType | undefined => type;

function one(name: string, summary: string, ...overloads: readonly ScalarOverload[]): ScalarDefinition {
  return { name, summary, overloads };
}

export const makeTimeFunctions: readonly ScalarDefinition[] = [
  one('make_date', 'a date from year, month and day', {
    arguments: ['int32', 'int32', 'int32'],
    returns: () => DATE,
    emit: (context, arguments_) => dateOf(dayOf(context, arguments_)),
  }),
  one('make_timestamp', 'a timestamp from year, month, day, hour, minute and seconds', {
    arguments: ['int32', 'int32', 'int32', 'int32', 'int32', 'float64'],
    returns: () => TIMESTAMP,
    emit: emitMakeTimestamp,
  }),
  one('to_timestamp', 'the instant so many seconds after 1970-01-01 00:00:00 UTC', {
    arguments: ['float64'],
    returns: () => TIMESTAMPTZ,
    emit: emitFromEpoch,
  }),
  one('date_bin', 'the beginning of the bucket that a timestamp is in: date_bin(stride, timestamp, origin)', {
    arguments: ['interval', 'timestamp', { sameAs: 1 }],
    returns: sameMoment,
    emit: emitDateBin,
  }),
  one(
    'time_bucket',
    'the beginning of the bucket that a time is in: time_bucket(width, time[, origin])',
    { arguments: ['interval', 'timestamp'], returns: sameMoment, emit: emitTimeBucket },
    { arguments: ['interval', 'timestamp', { sameAs: 1 }], returns: sameMoment, emit: emitTimeBucket },
    { arguments: ['interval', 'date'], returns: () => DATE, emit: emitDateBucket },
    { arguments: ['interval', 'date', 'date'], returns: () => DATE, emit: emitDateBucket },
    { arguments: ['int64', 'int64'], returns: () => INT64, emit: emitIntegerBucket },
  ),
  one('age', 'years, months, days and time between two timestamps', {
    arguments: ['timestamp', { sameAs: 0 }],
    returns: () => INTERVAL,
    neverRaises: true,
    emit: emitAge,
  }),
  one('timezone', 'timestamp AT TIME ZONE zone, for UTC', {
    arguments: ['text', 'timestamp'],
    returns: ([, type]) => (type?.kind === 'timestamp' ? { ...type, zoned: !type.zoned } : undefined),
    emit: emitTimezone,
  }),
  one('clock_timestamp', 'the time of the call', {
    arguments: [],
    returns: () => TIMESTAMPTZ,
    volatility: 'volatile',
    neverRaises: true,
    emit: (context) => {
      const result = context.newValue(TIMESTAMPTZ);
      context.call(clock);
      context.f.set(only(result));
      return result;
    },
  }),
  one('isfinite', 'true: there are no infinite times', finite('date'), finite('timestamp'), finite('interval')),
];
