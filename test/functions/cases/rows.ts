/** Queries whose functions see rows: window functions over a small table, and table functions. */

/** Partition, order, value; with ties, NULLs and a partition of one row. */
export const WINDOW_ROWS: readonly (readonly [string, number, number | null, string | null])[] = [
  ['a', 1, 10, 'x'],
  ['a', 1, null, 'y'],
  ['a', 2, 30, null],
  ['a', 3, 40, 'z'],
  ['a', 3, 50, ''],
  ['b', 1, 60, 'ä'],
  ['c', 1, null, null],
  ['c', 2, 80, 'long text'],
  ['c', 2, 90, 'w'],
];

/** Name, arguments, frame (start and end relative to the row; null: the whole partition). */
export const windowCalls: readonly {
  readonly name: string;
  readonly arguments: string;
  readonly frame: readonly [number, number] | null;
}[] = [
  { name: 'row_number', arguments: '', frame: null },
  { name: 'rank', arguments: '', frame: null },
  { name: 'dense_rank', arguments: '', frame: null },
  { name: 'percent_rank', arguments: '', frame: null },
  { name: 'cume_dist', arguments: '', frame: null },
  { name: 'ntile', arguments: '1', frame: null },
  { name: 'ntile', arguments: '2', frame: null },
  { name: 'ntile', arguments: '4', frame: null },
  { name: 'lag', arguments: 'v', frame: null },
  { name: 'lag', arguments: 't, 2', frame: null },
  { name: 'lag', arguments: 'v, 1, -1', frame: null },
  { name: 'lag', arguments: "t, 1, 'none'", frame: null },
  { name: 'lead', arguments: 'v, 2', frame: null },
  { name: 'lead', arguments: 'v, -1, 7', frame: null },
  { name: 'lead', arguments: 'v, 0', frame: null },
  { name: 'first_value', arguments: 'v', frame: [-1, 1] },
  { name: 'last_value', arguments: 't', frame: [-1, 1] },
  { name: 'last_value', arguments: 'v', frame: [-2, -1] },
  { name: 'nth_value', arguments: 'v, 2', frame: [-1, 1] },
  { name: 'nth_value', arguments: 't, 3', frame: null },
];

export const seriesQueries: readonly string[] = [
  'generate_series(1, 5)',
  'generate_series(5, 1)',
  'generate_series(5, 1, -2)',
  'generate_series(1, 10, 4)',
  'generate_series(1, 3, 0)',
  'generate_series(null::int, 3)',
  'generate_series(-2::bigint, 2)',
  'generate_series(9223372036854775806, 9223372036854775807)',
  'generate_series(1.5, 3.5, 0.5)',
  "generate_series(timestamp '2024-01-31', timestamp '2024-06-30', interval '1 month')",
  "generate_series(timestamp '2024-03-01', timestamp '2024-02-27', interval '-1 day')",
  "generate_series(timestamp '2024-01-01', timestamp '2024-01-01 01:00', interval '25 minutes')",
  "generate_series(timestamp '2024-01-01', timestamp '2024-01-02', interval '0')",
];
