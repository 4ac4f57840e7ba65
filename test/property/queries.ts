import fc from 'fast-check';
import { COLUMNS, type ColumnKind } from './tables.ts';

/**
 * Random queries that LQL and DuckDB read alike: `/` and default NULL order differ between the two and do not occur, and
 * every ORDER BY with a LIMIT is total.
 */

/** Tables in scope, by alias. */
type Scope = readonly string[];

const KINDS: readonly ColumnKind[] = ['int', 'float', 'decimal', 'text', 'date', 'timestamp', 'boolean'];
const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='] as const;

const literals: Readonly<Record<ColumnKind, fc.Arbitrary<string>>> = {
  int: fc.integer({ min: -6, max: 12 }).map(String),
  float: fc.integer({ min: -8, max: 12 }).map((n) => `CAST(${n / 4} AS DOUBLE PRECISION)`),
  decimal: fc.integer({ min: -500, max: 1800 }).map((n) => (n / 100).toFixed(2)),
  text: fc.constantFrom("'ab'", "'Abc'", "''", "'b_%'", "'naïve'", "'zz'"),
  date: fc.constantFrom("DATE '2024-02-28'", "DATE '2024-02-29'", "DATE '2024-03-01'"),
  timestamp: fc.constantFrom("TIMESTAMP '2024-12-31 23:07:00'", "TIMESTAMP '2025-01-01 00:00:00'"),
  boolean: fc.constantFrom('TRUE', 'FALSE'),
};

function column(scope: Scope, kind: ColumnKind): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...scope), fc.constantFrom(...COLUMNS[kind])).map(([alias, name]) => `${alias}.${name}`);
}

/** An expression of a kind over the tables in scope. */
export function expression(scope: Scope, kind: ColumnKind, depth: number): fc.Arbitrary<string> {
  const leaf = fc.oneof({ weight: 4, arbitrary: column(scope, kind) }, { weight: 1, arbitrary: literals[kind] });
  if (depth <= 0) return leaf;
  const of = (other: ColumnKind): fc.Arbitrary<string> => expression(scope, other, depth - 1);
  const common = [
    leaf,
    fc.tuple(predicate(scope, depth - 1), of(kind), of(kind)).map(([p, a, b]) => `CASE WHEN ${p} THEN ${a} ELSE ${b} END`),
    fc.tuple(of(kind), of(kind)).map(([a, b]) => `coalesce(${a}, ${b})`),
    fc.tuple(of(kind), literals[kind]).map(([a, b]) => `nullif(${a}, ${b})`),
  ];
  const pair = (kind_: ColumnKind, ...operators: readonly string[]): fc.Arbitrary<string> =>
    fc.tuple(of(kind_), fc.constantFrom(...operators), of(kind_)).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
  switch (kind) {
    case 'int':
      return fc.oneof(
        ...common,
        pair('int', '+', '-', '*'),
        of('int').map((a) => `(${a} % 5)`),
        of('int').map((a) => `abs(${a})`),
        of('text').map((a) => `length(${a})`),
      );
    case 'float':
      return fc.oneof(
        ...common,
        pair('float', '+', '-', '*'),
        of('float').map((a) => `floor(${a})`),
        of('float').map((a) => `-(${a})`),
      );
    case 'decimal':
      return fc.oneof(
        ...common,
        pair('decimal', '+', '-'),
        of('decimal').map((a) => `abs(${a})`),
      );
    case 'text':
      return fc.oneof(
        ...common,
        pair('text', '||'),
        of('text').map((a) => `upper(${a})`),
        fc
          .tuple(of('text'), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }))
          .map(([a, from, n]) => `substring(${a}, ${from}, ${n})`),
      );
    case 'date':
      return fc.oneof(
        ...common,
        fc.tuple(of('date'), fc.integer({ min: -40, max: 40 })).map(([a, n]) => `(${a} + ${n})`),
      );
    case 'timestamp':
      return fc.oneof(
        ...common,
        of('timestamp').map((a) => `date_trunc('hour', ${a})`),
        of('timestamp').map((a) => `(${a} - INTERVAL '90 minutes')`),
      );
    case 'boolean':
      return fc.oneof(...common, predicate(scope, depth - 1));
  }
}

/** A condition: three-valued logic is what it is for. */
export function predicate(scope: Scope, depth: number): fc.Arbitrary<string> {
  const compare = fc
    .constantFrom(...KINDS)
    .chain((kind) =>
      fc
        .tuple(expression(scope, kind, depth - 1), fc.constantFrom(...COMPARISONS), expression(scope, kind, depth - 1))
        .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    );
  const simple = fc.oneof(
    { weight: 4, arbitrary: compare },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(...KINDS)
        .chain((kind) => column(scope, kind))
        .map((a) => `${a} IS NULL`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(column(scope, 'text'), fc.constantFrom('a%', '%b', '_b%', 'ab', '%', 'Ab_', '%c%'))
        .map(([a, p]) => `${a} LIKE '${p}'`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(column(scope, 'int'), fc.array(literals.int, { minLength: 1, maxLength: 4 }), fc.boolean())
        .map(([a, list, negated]) => `${a} ${negated ? 'NOT ' : ''}IN (${list.join(', ')})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(column(scope, 'decimal'), literals.decimal, literals.decimal)
        .map(([a, low, high]) => `${a} BETWEEN ${low} AND ${high}`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(column(scope, 'text'), column(scope, 'text')).map(([a, b]) => `${a} IS DISTINCT FROM ${b}`),
    },
  );
  if (depth <= 0) return simple;
  const inner = predicate(scope, depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: simple },
    {
      weight: 2,
      arbitrary: fc.tuple(inner, fc.constantFrom('AND', 'OR'), inner).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    },
    { weight: 1, arbitrary: inner.map((a) => `NOT (${a})`) },
    { weight: 1, arbitrary: subqueryPredicate(scope) },
  );
}

/** EXISTS and IN over v or u, correlated or not. */
function subqueryPredicate(scope: Scope): fc.Arbitrary<string> {
  const negated = fc.constantFrom('', 'NOT ');
  return fc.oneof(
    fc
      .tuple(negated, column(scope, 'int'), predicate(['w'], 0))
      .map(([not, a, p]) => `${not}EXISTS (SELECT 1 FROM u AS w WHERE w.i = ${a} AND ${p})`),
    fc
      .tuple(column(scope, 'int'), negated, predicate(['w'], 0))
      .map(([a, not, p]) => `${a} ${not}IN (SELECT w.i FROM u AS w WHERE ${p})`),
    fc.tuple(column(scope, 'text'), negated).map(([a, not]) => `${a} ${not}IN (SELECT w.s FROM v AS w)`),
    fc
      .tuple(column(scope, 'int'), column(scope, 'int'))
      .map(([a, b]) => `${a} >= (SELECT count(*) FROM u AS w WHERE w.n = ${b})`),
    fc
      .tuple(column(scope, 'decimal'), column(scope, 'int'))
      .map(([a, b]) => `${a} < (SELECT max(w.m) FROM u AS w WHERE w.i = ${b})`),
  );
}

interface From {
  readonly text: string;
  readonly scope: Scope;
}

const from: fc.Arbitrary<From> = fc.oneof(
  fc.constantFrom<From>({ text: 't', scope: ['t'] }, { text: 'u', scope: ['u'] }),
  fc
    .tuple(
      fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'),
      fc.constantFrom('t.i = u.i', 't.n = u.n', 't.s = u.s', 't.d = u.d AND t.i = u.i', 't.m = u.m', 't.x = u.x', 't.id = u.id'),
    )
    .map(([join, on]) => ({ text: `t ${join} u ON ${on}`, scope: ['t', 'u'] })),
  fc
    .tuple(fc.constantFrom('JOIN', 'LEFT JOIN'), predicate(['t', 'u'], 0))
    .map(([join, on]) => ({ text: `t ${join} u ON t.i = u.i AND ${on}`, scope: ['t', 'u'] })),
  fc.constant({ text: 't JOIN u ON t.i = u.i LEFT JOIN u AS u2 ON u.n = u2.n AND u2.i > 0', scope: ['t', 'u', 'u2'] }),
  fc.constant({ text: 't, u', scope: ['t', 'u'] }),
);

const aggregates: Readonly<Record<string, ColumnKind>> = {
  'count(#)': 'text',
  'count(DISTINCT #)': 'int',
  'sum(#)': 'int',
  'sum(DISTINCT #)': 'decimal',
  'min(#)': 'text',
  'max(#)': 'timestamp',
  'avg(#)': 'int',
  'bool_and(#)': 'boolean',
};

function aggregate(scope: Scope): fc.Arbitrary<string> {
  const call = fc
    .constantFrom(...Object.entries(aggregates))
    .chain(([form, kind]) => expression(scope, kind, 1).map((a) => form.replace('#', a)));
  const filtered = fc
    .tuple(fc.constantFrom('count(*)', 'sum(#)'), expression(scope, 'decimal', 0), predicate(scope, 0))
    .map(([form, a, p]) => `${form.replace('#', a)} FILTER (WHERE ${p})`);
  return fc.oneof(fc.constant('count(*)'), call, filtered);
}

const plain: fc.Arbitrary<string> = from.chain(({ text, scope }) => {
  const items = fc.array(
    fc.constantFrom(...KINDS).chain((kind) => expression(scope, kind, 2)),
    { minLength: 1, maxLength: 4 },
  );
  return fc
    .tuple(fc.boolean(), items, fc.option(predicate(scope, 2)))
    .map(
      ([distinct, list, where]) =>
        `SELECT ${distinct ? 'DISTINCT ' : ''}${named(list)} FROM ${text}${where === null ? '' : ` WHERE ${where}`}`,
    );
});

const grouped: fc.Arbitrary<string> = from.chain(({ text, scope }) =>
  fc
    .tuple(
      fc.array(
        fc.constantFrom(...KINDS).chain((kind) => column(scope, kind)),
        { maxLength: 2 },
      ),
      fc.array(aggregate(scope), { minLength: 1, maxLength: 3 }),
      fc.option(predicate(scope, 1)),
      fc.option(fc.constantFrom('count(*) > 1', 'max(t.id) < 40'.replace('t.', `${scope[0]}.`), 'count(*) % 2 = 0')),
    )
    .map(([keys, calls, where, having]) => {
      const distinctKeys = [...new Set(keys)];
      const group = distinctKeys.length === 0 ? '' : ` GROUP BY ${distinctKeys.join(', ')}`;
      return `SELECT ${named([...distinctKeys, ...calls])} FROM ${text}${where === null ? '' : ` WHERE ${where}`}${group}${having === null ? '' : ` HAVING ${having}`}`;
    }),
);

const windowed: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'row_number()',
      'rank()',
      'dense_rank()',
      'sum(t.i)',
      'count(t.s)',
      'lag(t.m)',
      'lead(t.s, 2)',
      'min(t.x)',
      'first_value(t.s)',
      'avg(t.i)',
      'max(t.d)',
    ),
    fc.constantFrom('', 'PARTITION BY t.s ', 'PARTITION BY t.b, t.d '),
    fc.constantFrom('ORDER BY t.i NULLS FIRST, t.id', 'ORDER BY t.x DESC NULLS LAST, t.id DESC', 'ORDER BY t.id'),
    fc.constantFrom(
      '',
      ' ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
      ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
      ' ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING',
    ),
  )
  .map(([call, partition, order, frame]) => `SELECT t.id AS c0, ${call} OVER (${partition}${order}${frame}) AS c1 FROM t`);

const combined: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'),
    fc.constantFrom('t', 'u'),
    predicate(['q'], 1),
    predicate(['r'], 1),
    fc.constantFrom(['i', 's'], ['m'], ['d', 'b'], ['n', 'ts']),
  )
  .map(([operator, table, left, right, names]) => {
    const select = (from_: string, alias: string, where: string): string =>
      `SELECT ${names.map((name, i) => `${alias}.${name} AS c${i}`).join(', ')} FROM ${from_} AS ${alias} WHERE ${where}`;
    return `${select(table, 'q', left)} ${operator} ${select('u', 'r', right)}`;
  });

function named(items: readonly string[]): string {
  return items.map((item, i) => `${item} AS c${i}`).join(', ');
}

/** Any of the above, sometimes as a subquery that is filtered, or sorted in total and cut. */
export const queries: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: plain },
      { weight: 3, arbitrary: grouped },
      { weight: 1, arbitrary: windowed },
      { weight: 1, arbitrary: combined },
    ),
    fc.nat(5),
    fc.nat(4),
  )
  .map(([query, wrap, limit]) => {
    if (wrap === 0) return `SELECT count(*) AS c0, count(c0) AS c1 FROM (${query}) AS q`;
    if (wrap === 1) return `WITH q AS (${query}) SELECT a.c0 FROM q AS a JOIN q AS b ON a.c0 = b.c0`;
    const width = new Set(query.match(/AS c\d+/g)).size;
    if (wrap !== 2) return query;
    const order = Array.from({ length: width }, (_, i) => `c${i} ${i % 2 === 0 ? 'DESC NULLS LAST' : 'NULLS FIRST'}`).join(', ');
    return `SELECT * FROM (${query}) AS q ORDER BY ${order} LIMIT ${limit + 1} OFFSET ${limit}`;
  });
