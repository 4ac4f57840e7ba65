/** Dates, timestamps and intervals. */

const MOMENTS = [
  "timestamp '2024-02-29 13:45:12.345678'",
  "timestamp '1969-07-20 20:17:40'",
  "timestamp '2000-01-01 00:00:00'",
  "timestamp '1999-12-31 23:59:59.999999'",
  "timestamp '0044-03-15 12:00:00 BC'",
];
const DATES = ["date '2024-02-29'", "date '1969-12-31'", "date '2000-01-01'", "date '2021-01-03'", "date '0001-01-01 BC'"];
const INTERVALS = [
  "interval '1 day'",
  "interval '1 month'",
  "interval '-1 month'",
  "interval '1 year 2 months 3 days 04:05:06.5'",
  "interval '13 months'",
  "interval '-1 day 00:00:01'",
  "interval '25 hours'",
];
const TRUNCATIONS = [
  'microseconds',
  'milliseconds',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'decade',
  'century',
  'millennium',
];
const PARTS = [...TRUNCATIONS, 'dow', 'isodow', 'doy', 'isoyear', 'epoch', 'julian'];
const INTERVAL_PARTS = [
  'microseconds',
  'milliseconds',
  'second',
  'minute',
  'hour',
  'day',
  'month',
  'quarter',
  'year',
  'decade',
  'century',
  'millennium',
  'epoch',
];

function cross(a: readonly string[], b: readonly string[], join: (a: string, b: string) => string): string[] {
  return a.flatMap((each) => b.map((other) => join(each, other)));
}

export const timeCases: readonly string[] = [
  ...cross(TRUNCATIONS, MOMENTS, (field, moment) => `date_trunc('${field}', ${moment})`),
  ...cross(PARTS, MOMENTS, (field, moment) => `date_part('${field}', ${moment})`),
  ...cross(
    PARTS.filter((part) => !['microseconds', 'milliseconds', 'second', 'minute', 'hour'].includes(part)),
    DATES,
    (field, date) => `date_part('${field}', ${date})`,
  ),
  ...cross(INTERVAL_PARTS, INTERVALS, (field, interval) => `date_part('${field}', ${interval})`),
  ...cross(
    TRUNCATIONS.filter((each) => each !== 'week'),
    INTERVALS,
    (field, interval) => `date_trunc('${field}', ${interval})`,
  ),
  ...cross(MOMENTS, INTERVALS, (moment, interval) => `${moment} + ${interval}`),
  ...cross(MOMENTS, INTERVALS, (moment, interval) => `${moment} - ${interval}`),
  ...cross(DATES.slice(0, 4), INTERVALS, (date, interval) => `${date} + ${interval}`),
  ...cross(MOMENTS, MOMENTS, (a, b) => `${a} - ${b}`),
  ...cross(MOMENTS, MOMENTS, (a, b) => `age(${a}, ${b})`),
  ...cross(MOMENTS, MOMENTS, (a, b) => `${a} < ${b}`),
  ...cross(DATES, DATES, (a, b) => `${a} - ${b}`),
  ...cross(INTERVALS, INTERVALS, (a, b) => `${a} + ${b}`),
  ...cross(INTERVALS, INTERVALS, (a, b) => `${a} - ${b}`),
  ...cross(INTERVALS, INTERVALS, (a, b) => `${a} < ${b}`),
  ...cross(INTERVALS, ['2', '0.5', '-1.5', '1.1'], (a, b) => `${a} * ${b}`),
  ...cross(INTERVALS, ['2', '3', '0.7', '0'], (a, b) => `${a} / ${b}`),
  ...[
    "interval '1 month' = interval '30 days'",
    "interval '24 hours' = interval '1 day'",
    "interval '1 day' <> interval '24:00:01'",
    "- interval '1 mon -3 days 04:00'",
  ],
  ...[
    "date '2024-01-31' + 30",
    "30 + date '2024-01-31'",
    "date '2024-01-31' - 31",
    "date '5874897-12-31' + 1",
    "date '2024-01-01' < timestamp '2024-01-01 00:00:01'",
    "date '2024-01-01' = timestamp '2024-01-01'",
  ],
  ...[
    "date_trunc('month', date '2024-02-29')::timestamp",
    "date_trunc('Hours', timestamp '2024-02-29 13:45:12')",
    "date_trunc('nope', timestamp '2024-02-29')",
    "date_part('nope', timestamp '2024-02-29')",
    "extract(year from date '2024-02-29')::int",
    "extract(epoch from interval '1 day 01:00')::int",
    "date_trunc(lower('DAY'), timestamp '2024-02-29 13:00')",
    "date_part(lower('HOUR'), timestamp '2024-02-29 13:00')",
  ],
  ...[
    'make_date(2024, 2, 29)',
    'make_date(2023, 2, 29)',
    'make_date(2023, 13, 1)',
    'make_date(-44, 3, 15)',
    'make_date(0, 1, 1)',
    'make_timestamp(2024, 2, 29, 13, 45, 12.5)',
    'make_timestamp(2024, 2, 29, 24, 0, 0)',
    'make_timestamp(2024, 2, 29, 25, 0, 0)',
    'make_timestamp(2024, 2, 29, 23, 59, 60)',
  ],
  ...['to_timestamp(0)', 'to_timestamp(1709214312.345678)', 'to_timestamp(-1.5)', 'to_timestamp(1e20)'],
  ...[
    "date_bin('15 minutes', timestamp '2024-02-29 13:47:12', timestamp '2001-01-01')",
    "date_bin('2 days', timestamp '2000-01-01 12:00', timestamp '2001-01-01')",
    "date_bin('1 month', timestamp '2024-02-29', timestamp '2001-01-01')",
    "date_bin('0 days', timestamp '2024-02-29', timestamp '2001-01-01')",
  ],
  ...[
    "timestamptz '2024-02-29 12:00+00' at time zone 'UTC'",
    "timestamp '2024-02-29 12:00' at time zone 'UTC'",
    "isfinite(date '2024-01-01')",
    "timestamptz '2024-02-29 12:00+02' = timestamp '2024-02-29 10:00'",
  ],
  ...[
    "timestamp '294276-12-31 23:59:59' + interval '1 second'",
    "interval '2147483647 months' + interval '1 month'",
    "interval '178956970 years'",
  ],
];
