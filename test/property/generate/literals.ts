import type { ColumnKind } from '../tables.ts';
import type { Choices } from './choices.ts';

/** A constant of a kind, sometimes one that the tables hold. */
export function literal(choices: Choices, kind: ColumnKind): string {
  switch (kind) {
    case 'int':
      return String(choices.between(-6, 12));
    case 'float':
      return `CAST(${choices.between(-8, 12) / 4} AS DOUBLE PRECISION)`;
    case 'decimal':
      return `${choices.between(-2, 16)}.${choices.pick(['05', '5', '0', '49'])}`;
    case 'wide':
      return choices.pick([
        '-200000000000000000001.000000',
        '100000000000000000000.500000',
        '0.000001',
        '99999999999999999999.5',
      ]);
    case 'text':
      return choices.pick(["'ab'", "'Abc'", "''", "'b_%'", "'naïve'", "'zz'", "'żółw3'", "'x y1'"]);
    case 'date':
      return choices.pick(["DATE '2024-02-28'", "DATE '2024-02-29'", "DATE '2024-03-01'", "DATE '2021-06-30'"]);
    case 'timestamp':
      return choices.pick([
        "TIMESTAMP '2024-12-31 23:07:00'",
        "TIMESTAMP '2025-01-01 00:00:00'",
        "TIMESTAMP '2025-02-28 12:34:56.789'",
      ]);
    case 'boolean':
      return choices.pick(['TRUE', 'FALSE']);
  }
}
