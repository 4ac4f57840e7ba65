import { COLUMNS, type ColumnKind } from '../tables.ts';

/** A relation in scope: its columns by kind. */
export interface Source {
  readonly alias: string;
  readonly columns: Readonly<Record<ColumnKind, readonly string[]>>;
}

/** What a query may read. */
export interface World {
  /** Tables for FROM. */
  readonly outer: readonly [string, ...string[]];
  /** Tables for what is read again and again: subqueries, LATERAL. */
  readonly inner: readonly [string, ...string[]];
  /** Conditions that keep a join of two outer tables (`#1`, `#2`) small. */
  readonly joins: readonly [string, ...string[]];
  /** Whether joins without an equality are small enough. */
  readonly products: boolean;
}

/** Few rows, few values: everything meets everything. */
export const SMALL: World = {
  outer: ['t', 'u', 'v'],
  inner: ['u', 'v', 't'],
  joins: [
    '#1.i = #2.i',
    '#1.n = #2.n',
    '#1.s = #2.s',
    '#1.d = #2.d AND #1.i = #2.i',
    '#1.m = #2.m',
    '#1.x = #2.x',
    '#1.id = #2.id',
    '#1.w = #2.w',
    '#1.r = #2.r',
    '#1.ts = #2.ts',
    '#1.b = #2.b AND #1.n = #2.n',
  ],
  products: true,
};

/** Many rows: several segments, morsels and threads. Joins meet few rows each. */
export const BIG: World = {
  outer: ['bt', 'bu', 'v'],
  // Correlated by more than an equality, they are joined with every row.
  inner: ['v'],
  joins: [
    '#1.id = #2.id',
    '#1.n = #2.n',
    '#1.r = #2.r',
    '#1.id = #2.id AND #1.s = #2.s',
    '#1.n = #2.id',
    '#1.n = #2.n AND #1.i = #2.i',
  ],
  products: false,
};

export function tableSource(alias: string): Source {
  return { alias, columns: COLUMNS };
}

/** A derived relation whose columns have these kinds and are called c0, c1, … */
export function derivedSource(alias: string, kinds: readonly ColumnKind[]): Source {
  const of = (kind: ColumnKind): readonly string[] => kinds.flatMap((each, i) => (each === kind ? [`c${i}`] : []));
  const columns = {
    int: of('int'),
    text: of('text'),
    decimal: of('decimal'),
    float: of('float'),
    date: of('date'),
    timestamp: of('timestamp'),
    boolean: of('boolean'),
    wide: of('wide'),
  };
  return { alias, columns };
}
