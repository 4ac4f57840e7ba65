import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { type Routine, routine } from './routine.ts';

/**
 * The proleptic Gregorian calendar over days since 1970-01-01 (int32), with astronomical years: Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms". Days are those that PostgreSQL has, up to 5874897-12-31, so that nothing overflows.
 */

const DAYS_TO_EPOCH = 719468;
const DAYS_PER_ERA = 146097;

/** Pushes floor(local / divisor) for a positive divisor. */
function pushFloor(f: FunctionBuilder, local: Local, divisor: number): void {
  f.get(local)
    .get(local)
    .i32(31)
    .op('i32.shr_s')
    .i32(divisor - 1)
    .op('i32.and')
    .op('i32.sub')
    .i32(divisor)
    .op('i32.div_s');
}

/** days → year, month, day */
export const civilFromDays: Routine = routine('civil_from_days', ['i32'], ['i32', 'i32', 'i32'], (f) => {
  const days = f.param(0);
  const era = f.local('i32');
  const dayOfEra = f.local('i32');
  const yearOfEra = f.local('i32');
  const dayOfYear = f.local('i32');
  const shiftedMonth = f.local('i32');
  const month = f.local('i32');
  f.get(days).i32(DAYS_TO_EPOCH).op('i32.add').set(days);
  pushFloor(f, days, DAYS_PER_ERA);
  f.set(era);
  f.get(days).get(era).i32(DAYS_PER_ERA).op('i32.mul').op('i32.sub').set(dayOfEra);
  f.get(dayOfEra);
  f.get(dayOfEra).i32(1460).op('i32.div_u').op('i32.sub');
  f.get(dayOfEra).i32(36524).op('i32.div_u').op('i32.add');
  f.get(dayOfEra).i32(146096).op('i32.div_u').op('i32.sub');
  f.i32(365).op('i32.div_u').set(yearOfEra);
  f.get(dayOfEra).get(yearOfEra).i32(365).op('i32.mul').op('i32.sub');
  f.get(yearOfEra).i32(4).op('i32.div_u').op('i32.sub');
  f.get(yearOfEra).i32(100).op('i32.div_u').op('i32.add').set(dayOfYear);
  f.get(dayOfYear).i32(5).op('i32.mul').i32(2).op('i32.add').i32(153).op('i32.div_u').set(shiftedMonth);
  // March is month 0 of the shifted year
  f.get(shiftedMonth).i32(3).op('i32.add').get(shiftedMonth).i32(9).op('i32.sub').get(shiftedMonth).i32(10).op('i32.lt_u');
  f.select().set(month);
  f.get(yearOfEra).get(era).i32(400).op('i32.mul').op('i32.add').get(month).i32(2).op('i32.le_u').op('i32.add');
  f.get(month);
  f.get(dayOfYear).get(shiftedMonth).i32(153).op('i32.mul').i32(2).op('i32.add').i32(5).op('i32.div_u').op('i32.sub');
  f.i32(1).op('i32.add');
});

/** year, month, day → days; the month is 1 to 12 and the day may be any number: it counts from the month's beginning. */
export const daysFromCivil: Routine = routine('days_from_civil', ['i32', 'i32', 'i32'], ['i32'], (f) => {
  const [year, month, day] = [f.param(0), f.param(1), f.param(2)];
  const era = f.local('i32');
  const yearOfEra = f.local('i32');
  f.get(year).get(month).i32(2).op('i32.le_s').op('i32.sub').set(year);
  pushFloor(f, year, 400);
  f.set(era);
  f.get(year).get(era).i32(400).op('i32.mul').op('i32.sub').set(yearOfEra);
  f.get(month).i32(9).op('i32.add').i32(12).op('i32.rem_u').i32(153).op('i32.mul').i32(2).op('i32.add').i32(5).op('i32.div_u');
  f.get(day).op('i32.add').i32(1).op('i32.sub');
  f.get(yearOfEra).i32(365).op('i32.mul').op('i32.add');
  f.get(yearOfEra).i32(4).op('i32.div_u').op('i32.add');
  f.get(yearOfEra).i32(100).op('i32.div_u').op('i32.sub');
  f.get(era).i32(DAYS_PER_ERA).op('i32.mul').op('i32.add').i32(DAYS_TO_EPOCH).op('i32.sub');
});

/** year, month → days of the month */
export const daysInMonth: Routine = routine('days_in_month', ['i32', 'i32'], ['i32'], (f) => {
  const [year, month] = [f.param(0), f.param(1)];
  f.get(month).i32(2).op('i32.eq');
  f.ifThen(() => {
    f.get(year).i32(3).op('i32.and').op('i32.eqz');
    f.get(year).i32(100).op('i32.rem_s').i32(0).op('i32.ne').get(year).i32(400).op('i32.rem_s').op('i32.eqz').op('i32.or');
    f.op('i32.and').i32(28).op('i32.add').return_();
  });
  // 31 but for months 4, 6, 9 and 11
  f.i32(31).i32(0b1010_0101_0000).get(month).op('i32.shr_u').i32(1).op('i32.and').op('i32.sub');
});

/** days, months → days: so many months later, on the same day or the last of a shorter month. */
export const addMonths: Routine = routine('add_months', ['i32', 'i32'], ['i32'], (f, runtime) => {
  const [days, months] = [f.param(0), f.param(1)];
  const year = f.local('i32');
  const month = f.local('i32');
  const day = f.local('i32');
  const last = f.local('i32');
  f.get(days);
  runtime.call(f, civilFromDays);
  f.set(day).set(month).set(year);
  f.get(month).i32(1).op('i32.sub').get(months).i32(12).op('i32.rem_s').op('i32.add').set(month);
  f.get(year).get(months).i32(12).op('i32.div_s').op('i32.add').set(year);
  const floor = f.local('i32');
  pushFloor(f, month, 12);
  f.set(floor);
  f.get(year).get(floor).op('i32.add').set(year);
  f.get(month).get(floor).i32(12).op('i32.mul').op('i32.sub').i32(1).op('i32.add').set(month);
  f.get(year).get(month);
  runtime.call(f, daysInMonth);
  f.set(last);
  f.get(year).get(month);
  f.get(day).get(last).get(day).get(last).op('i32.lt_s').select();
  runtime.call(f, daysFromCivil);
});

/** days → year and week of ISO 8601: the week belongs to the year of its Thursday. */
export const isoWeek: Routine = routine('iso_week', ['i32'], ['i32', 'i32'], (f, runtime) => {
  const days = f.param(0);
  const weekday = f.local('i32');
  const year = f.local('i32');
  f.get(days);
  runtime.call(f, dayOfWeek);
  f.set(weekday);
  f.get(days).i32(4).op('i32.add').get(weekday).op('i32.sub').set(days);
  f.get(days);
  runtime.call(f, civilFromDays);
  f.op('drop').op('drop').set(year);
  f.get(year);
  f.get(days).get(year).i32(1).i32(1);
  runtime.call(f, daysFromCivil);
  f.op('i32.sub').i32(7).op('i32.div_s').i32(1).op('i32.add');
});

/** days → 1 (Monday) to 7 */
export const dayOfWeek: Routine = routine('day_of_week', ['i32'], ['i32'], (f) => {
  const days = f.param(0);
  const shifted = f.local('i32');
  const floor = f.local('i32');
  f.get(days).i32(3).op('i32.add').set(shifted);
  pushFloor(f, shifted, 7);
  f.set(floor);
  f.get(shifted).get(floor).i32(7).op('i32.mul').op('i32.sub').i32(1).op('i32.add');
});
