import { floorMultiple, joinDay, splitDay, timestampType, unitsPerSecond } from '../../../exec/expression/time.ts';
import { only, part } from '../../../exec/expression/values.ts';
import { civilFromDays, dayOfWeek, daysFromCivil } from '../../../exec/runtime/calendar.ts';
import { INTERVAL, type TimeUnit } from '../../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, ScalarDefinition, Value } from '../../definition.ts';
import { byField, type FieldCode } from './units.ts';

/** date_trunc: PostgreSQL's timestamp_trunc and interval_trunc. */

/** Fields shorter than a day, in nanoseconds. */
const CLOCK: Readonly<Record<string, bigint>> = {
  microseconds: 1000n,
  milliseconds: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
};

/** Sets year, month and day to the beginning of the field that they are in. */
type CalendarField = (f: FunctionBuilder, year: Local, month: Local) => void;

/** Centuries and millennia begin with year 1, and there is no year 0: 1 BC is in the first one before. */
function span(size: number): CalendarField {
  return (f, year, month) => {
    f.get(year).i32(0).op('i32.gt_s');
    f.ifElse(
      () =>
        f
          .get(year)
          .i32(size - 1)
          .op('i32.add')
          .i32(size)
          .op('i32.div_s')
          .i32(size)
          .op('i32.mul')
          .i32(size - 1)
          .op('i32.sub')
          .set(year),
      () => f.i32(1).i32(size).get(year).op('i32.sub').i32(size).op('i32.div_s').i32(size).op('i32.mul').op('i32.sub').set(year),
    );
    f.i32(1).set(month);
  };
}

const CALENDAR: Readonly<Record<string, CalendarField>> = {
  month: () => {},
  quarter: (f, _, month) => void f.get(month).get(month).i32(1).op('i32.sub').i32(3).op('i32.rem_u').op('i32.sub').set(month),
  year: (f, _, month) => void f.i32(1).set(month),
  decade: (f, year, month) => {
    f.get(year)
      .get(year)
      .i32(31)
      .op('i32.shr_s')
      .i32(9)
      .op('i32.and')
      .op('i32.sub')
      .i32(10)
      .op('i32.div_s')
      .i32(10)
      .op('i32.mul');
    f.set(year);
    f.i32(1).set(month);
  },
  century: span(100),
  millennium: span(1000),
};

/** To a multiple of so many nanoseconds, downwards; finer units than the timestamp's leave it alone. */
function toClock(nanoseconds: bigint): FieldCode {
  return (context, moment) => {
    const size = (nanoseconds * unitsPerSecond(unitOf(moment))) / 1_000_000_000n;
    return size <= 1n ? moment : { ...moment, locals: [floorMultiple(context, only(moment), size)], bounds: null };
  };
}

function unitOf(moment: Value): TimeUnit {
  return timestampType(moment.type).unit;
}

function toDay(shift: (context: EmitContext, day: Local) => Local): FieldCode {
  return (context, moment) => {
    const { day } = splitDay(context, moment);
    return joinDay(context, timestampType(moment.type), shift(context, day), null);
  };
}

function monday(context: EmitContext, day: Local): Local {
  const { f } = context;
  const result = f.local('i32');
  f.get(day).i32(1).op('i32.add').get(day);
  context.call(dayOfWeek);
  f.op('i32.sub').set(result);
  return result;
}

function beginning(field: CalendarField): (context: EmitContext, day: Local) => Local {
  return (context, day) => {
    const { f } = context;
    const year = f.local('i32');
    const month = f.local('i32');
    const result = f.local('i32');
    f.get(day);
    context.call(civilFromDays);
    f.op('drop').set(month).set(year);
    field(f, year, month);
    f.get(year).get(month).i32(1);
    context.call(daysFromCivil);
    f.set(result);
    return result;
  };
}

const TIMESTAMP_FIELDS: ReadonlyMap<string, FieldCode> = new Map([
  ...Object.entries(CLOCK).map(([name, size]): [string, FieldCode] => [name, toClock(size)]),
  ['day', toDay((_, day) => day)],
  ['week', toDay(monday)],
  ...Object.entries(CALENDAR).map(([name, field]): [string, FieldCode] => [name, toDay(beginning(field))]),
]);

const MONTHS: Readonly<Record<string, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  decade: 120,
  century: 1200,
  millennium: 12000,
};

function intervalFrom({ f }: EmitContext, months: () => void, days: () => void, nanoseconds: () => void): Value {
  const locals = (['i32', 'i32', 'i64'] as const).map((type) => f.local(type));
  const result: Value = { type: INTERVAL, locals, isNull: null, bounds: null };
  [months, days, nanoseconds].forEach((push, i) => {
    push();
    f.set(part(result, i));
  });
  return result;
}

/** Fields of an interval are cut towards zero, each on its own. */
const INTERVAL_FIELDS: ReadonlyMap<string, FieldCode> = new Map([
  ...Object.entries(CLOCK).map(([name, size]): [string, FieldCode] => [
    name,
    (context, interval) => {
      const { f } = context;
      return intervalFrom(
        context,
        () => f.get(part(interval, 0)),
        () => f.get(part(interval, 1)),
        () => f.get(part(interval, 2)).get(part(interval, 2)).i64(size).op('i64.rem_s').op('i64.sub'),
      );
    },
  ]),
  [
    'day',
    (context: EmitContext, interval: Value) => {
      const { f } = context;
      return intervalFrom(
        context,
        () => f.get(part(interval, 0)),
        () => f.get(part(interval, 1)),
        () => f.i64(0n),
      );
    },
  ],
  ...Object.entries(MONTHS).map(([name, size]): [string, FieldCode] => [
    name,
    (context, interval) => {
      const { f } = context;
      return intervalFrom(
        context,
        () => f.get(part(interval, 0)).get(part(interval, 0)).i32(size).op('i32.rem_s').op('i32.sub'),
        () => f.i32(0),
        () => f.i64(0n),
      );
    },
  ]),
]);

export const truncateFunctions: readonly ScalarDefinition[] = [
  {
    name: 'date_trunc',
    summary: 'a timestamp or interval cut to a field: date_trunc(field, value)',
    overloads: [
      { arguments: ['text', 'timestamp'], returns: ([, type]) => type, emit: byField(TIMESTAMP_FIELDS, 'timestamp') },
      { arguments: ['text', 'interval'], returns: () => INTERVAL, emit: byField(INTERVAL_FIELDS, 'interval') },
    ],
  },
];
