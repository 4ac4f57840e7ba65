import { splitDay, timestampType, unitsPerSecond } from '../../../exec/expression/time.ts';
import { only, part, valueFrom } from '../../../exec/expression/values.ts';
import { civilFromDays, dayOfWeek, daysFromCivil, isoWeek } from '../../../exec/runtime/calendar.ts';
import { FLOAT64 } from '../../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, ScalarDefinition, Value } from '../../definition.ts';
import { byField, type FieldCode } from './units.ts';

/**
 * EXTRACT, and date_part, which is the same here: fields as float64, as PostgreSQL's timestamp_part, date_part of a date and
 * interval_part. (PostgreSQL's EXTRACT gives numeric since version 14; the values are equal.)
 */

function toFloat(context: EmitContext, push: () => void): Value {
  return valueFrom(context, FLOAT64, null, push);
}

/** An i32 that the calendar date gives. */
function ofDate(push: (context: EmitContext, year: Local, month: Local, day: Local) => void): FieldCode {
  return (context, moment) => {
    const { f } = context;
    const [year, month, day] = [f.local('i32'), f.local('i32'), f.local('i32')];
    f.get(splitDay(context, moment).day);
    context.call(civilFromDays);
    f.set(day).set(month).set(year);
    return toFloat(context, () => {
      push(context, year, month, day);
      f.op('f64.convert_i32_s');
    });
  };
}

/** An i32 that the day number gives. */
function ofDay(push: (context: EmitContext, day: Local) => void): FieldCode {
  return (context, moment) => {
    const { day } = splitDay(context, moment);
    return toFloat(context, () => {
      push(context, day);
      context.f.op('f64.convert_i32_s');
    });
  };
}

/** Of the time since midnight, in the timestamp's units: (units ÷ divisor) % modulus. */
function ofClock(seconds: bigint, modulus: bigint): FieldCode {
  return (context, moment) => {
    const { f } = context;
    const { inDay } = splitDay(context, moment);
    return toFloat(context, () => {
      if (inDay === null) f.f64(0);
      else {
        const divisor = seconds * unitsPerSecond(timestampType(moment.type).unit);
        f.get(inDay).i64(divisor).op('i64.div_s').i64(modulus).op('i64.rem_s').op('f64.convert_i64_s');
      }
    });
  };
}

/** Seconds of the minute with their fraction, times a factor. */
function ofSeconds(factor: number): FieldCode {
  return (context, moment) => {
    const { f } = context;
    const { inDay } = splitDay(context, moment);
    return toFloat(context, () => {
      if (inDay === null) f.f64(0);
      else {
        const perSecond = unitsPerSecond(timestampType(moment.type).unit);
        f.get(inDay)
          .i64(60n * perSecond)
          .op('i64.rem_s')
          .op('f64.convert_i64_s');
        pushScaled(f, factor, Number(perSecond));
      }
    });
  };
}

/** The f64 on the stack × factor ÷ divisor with one rounding where one of the two cancels. */
function pushScaled(f: FunctionBuilder, factor: number, divisor: number): void {
  if (factor >= divisor) f.f64(factor / divisor).op('f64.mul');
  else f.f64(divisor / factor).op('f64.div');
}

/** Years before 1 count backwards from −1: there is no year 0. */
function pushShownYear(f: FunctionBuilder, year: Local): void {
  f.get(year).get(year).i32(0).op('i32.le_s').op('i32.sub');
}

/** Centuries and millennia: the first begins with year 1; those before are negative. */
function spanNumber(size: number): FieldCode {
  return ofDate(({ f }, year) => {
    f.get(year)
      .i32(size - 1)
      .op('i32.add')
      .i32(size)
      .op('i32.div_s');
    f.i32(0).i32(size).get(year).op('i32.sub').i32(size).op('i32.div_s').op('i32.sub');
    f.get(year).i32(0).op('i32.gt_s').select();
  });
}

const epoch: FieldCode = (context, moment) =>
  toFloat(context, () => {
    const { f } = context;
    if (moment.type.kind === 'date') f.get(only(moment)).op('f64.convert_i32_s').f64(86400).op('f64.mul');
    else
      f.get(only(moment))
        .op('f64.convert_i64_s')
        .f64(Number(unitsPerSecond(timestampType(moment.type).unit)))
        .op('f64.div');
  });

/** Days of the Julian period; 1970-01-01 is 2440588. */
const julian: FieldCode = (context, moment) => {
  const { f } = context;
  const { day, inDay } = splitDay(context, moment);
  return toFloat(context, () => {
    f.get(day).op('f64.convert_i32_s').f64(2440588).op('f64.add');
    if (inDay === null) return;
    const perDay = 86400 * Number(unitsPerSecond(timestampType(moment.type).unit));
    f.get(inDay).op('f64.convert_i64_s').f64(perDay).op('f64.div').op('f64.add');
  });
};

const MOMENT_FIELDS: ReadonlyMap<string, FieldCode> = new Map([
  ['microseconds', ofSeconds(1e6)],
  ['milliseconds', ofSeconds(1e3)],
  ['second', ofSeconds(1)],
  ['minute', ofClock(60n, 60n)],
  ['hour', ofClock(3600n, 24n)],
  ['day', ofDate(({ f }, _year, _month, day) => f.get(day))],
  ['month', ofDate(({ f }, _year, month) => f.get(month))],
  ['quarter', ofDate(({ f }, _year, month) => f.get(month).i32(2).op('i32.add').i32(3).op('i32.div_u'))],
  ['year', ofDate(({ f }, year) => pushShownYear(f, year))],
  [
    'decade',
    ofDate(({ f }, year) =>
      f.get(year).get(year).i32(31).op('i32.shr_s').i32(9).op('i32.and').op('i32.sub').i32(10).op('i32.div_s'),
    ),
  ],
  ['century', spanNumber(100)],
  ['millennium', spanNumber(1000)],
  [
    'doy',
    ofDate((context, year, month, day) => {
      const { f } = context;
      f.get(year).get(month).get(day);
      context.call(daysFromCivil);
      f.get(year).i32(1).i32(0);
      context.call(daysFromCivil);
      f.op('i32.sub');
    }),
  ],
  [
    'dow',
    ofDay((context, day) => {
      context.f.get(day);
      context.call(dayOfWeek);
      context.f.i32(7).op('i32.rem_u');
    }),
  ],
  [
    'isodow',
    ofDay((context, day) => {
      context.f.get(day);
      context.call(dayOfWeek);
    }),
  ],
  [
    'week',
    ofDay((context, day) => {
      const { f } = context;
      const week = f.local('i32');
      f.get(day);
      context.call(isoWeek);
      f.set(week).op('drop').get(week);
    }),
  ],
  [
    'isoyear',
    ofDay((context, day) => {
      const { f } = context;
      const year = f.local('i32');
      f.get(day);
      context.call(isoWeek);
      f.op('drop').tee(year);
      f.i32(0).op('i32.le_s').i32(-1).op('i32.mul').get(year).op('i32.add');
    }),
  ],
  ['epoch', epoch],
  ['julian', julian],
]);

/** A number that one part of an interval gives, cut towards zero. */
function ofMonths(divisor: number, modulus?: number): FieldCode {
  return (context, interval) =>
    toFloat(context, () => {
      const { f } = context;
      f.get(part(interval, 0)).i32(divisor).op('i32.div_s');
      if (modulus !== undefined) f.i32(modulus).op('i32.rem_s');
      f.op('f64.convert_i32_s');
    });
}

function ofTime(nanoseconds: bigint, modulus: bigint | null): FieldCode {
  return (context, interval) =>
    toFloat(context, () => {
      const { f } = context;
      f.get(part(interval, 2)).i64(nanoseconds).op('i64.div_s');
      if (modulus !== null) f.i64(modulus).op('i64.rem_s');
      f.op('f64.convert_i64_s');
    });
}

function ofTimeSeconds(factor: number): FieldCode {
  return (context, interval) =>
    toFloat(context, () => {
      const { f } = context;
      f.get(part(interval, 2)).i64(60_000_000_000n).op('i64.rem_s').op('f64.convert_i64_s');
      pushScaled(f, factor, 1e9);
    });
}

/** Years of 365.25 days, months of 30. */
const intervalEpoch: FieldCode = (context, interval) =>
  toFloat(context, () => {
    const { f } = context;
    const months = part(interval, 0);
    f.get(months)
      .i32(12)
      .op('i32.div_s')
      .op('f64.convert_i32_s')
      .f64(365.25 * 86400)
      .op('f64.mul');
    f.get(months)
      .i32(12)
      .op('i32.rem_s')
      .op('f64.convert_i32_s')
      .f64(30 * 86400)
      .op('f64.mul')
      .op('f64.add');
    f.get(part(interval, 1)).op('f64.convert_i32_s').f64(86400).op('f64.mul').op('f64.add');
    f.get(part(interval, 2)).op('f64.convert_i64_s').f64(1e9).op('f64.div').op('f64.add');
  });

const INTERVAL_FIELDS: ReadonlyMap<string, FieldCode> = new Map([
  ['microseconds', ofTimeSeconds(1e6)],
  ['milliseconds', ofTimeSeconds(1e3)],
  ['second', ofTimeSeconds(1)],
  ['minute', ofTime(60_000_000_000n, 60n)],
  ['hour', ofTime(3_600_000_000_000n, null)],
  [
    'day',
    (context: EmitContext, interval: Value) => toFloat(context, () => context.f.get(part(interval, 1)).op('f64.convert_i32_s')),
  ],
  ['month', ofMonths(1, 12)],
  [
    'quarter',
    (context: EmitContext, interval: Value) =>
      toFloat(context, () => {
        const { f } = context;
        f.get(part(interval, 0)).i32(12).op('i32.rem_s').i32(3).op('i32.div_s').i32(1).op('i32.add').op('f64.convert_i32_s');
      }),
  ],
  ['year', ofMonths(12)],
  ['decade', ofMonths(120)],
  ['century', ofMonths(1200)],
  ['millennium', ofMonths(12000)],
  ['epoch', intervalEpoch],
]);

export const partFunctions: readonly ScalarDefinition[] = [
  {
    name: 'extract',
    summary: 'a field of a date, timestamp or interval as a number: EXTRACT(field FROM value), date_part(field, value)',
    overloads: [
      { arguments: ['text', 'date'], returns: () => FLOAT64, emit: byField(MOMENT_FIELDS, 'date') },
      { arguments: ['text', 'timestamp'], returns: () => FLOAT64, emit: byField(MOMENT_FIELDS, 'timestamp') },
      { arguments: ['text', 'interval'], returns: () => FLOAT64, emit: byField(INTERVAL_FIELDS, 'interval') },
    ],
  },
];
