import type { ColumnKind } from '../tables.ts';
import { aggregate } from './aggregates.ts';
import { anyKind, expression } from './expressions.ts';
import { predicate } from './predicates.ts';
import type { QueryContext } from './query-context.ts';
import { tableSource } from './world.ts';

interface Inner {
  readonly query: QueryContext;
  /** `FROM … [WHERE …]` */
  readonly text: string;
}

/** A table under a new alias, sometimes joined with another, with conditions, most of them on columns of the enclosing query. */
function inner(query: QueryContext, joined = query.choices.oneIn(4)): Inner {
  const { choices, world } = query;
  const alias = query.alias();
  const start = query.inner(!choices.oneIn(4));
  const opened = start.over([tableSource(alias)]);
  const kind = choices.pick<ColumnKind>(['int', 'int', 'text', 'decimal', 'date']);
  const conditions = choices.make<readonly string[]>(
    () => [],
    () => [`${opened.column(kind)} = ${opened.outerColumn(kind)}`],
    () => [`${opened.column(kind)} = ${opened.outerColumn(kind)}`, predicate(opened, 1)],
    () => [predicate(opened, 1)],
    () => [`${opened.column(kind)} ${choices.pick(['<', '>=', '<>'])} ${opened.outerColumn(kind)}`],
    () => [`${opened.column(kind)} IS NOT DISTINCT FROM ${opened.outerColumn(kind)}`],
  );
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const first = `${choices.pick(world.inner)} AS ${alias}`;
  if (!joined) return { query: opened, text: `FROM ${first}${where}` };
  const other = query.alias();
  const both = start.over([tableSource(alias), tableSource(other)]);
  const extra = choices.oneIn(3) ? ` AND ${predicate(both, 0)}` : '';
  const on = `${alias}.${choices.pick(['id', 'i', 's'])} = ${other}.${choices.pick(['id', 'n'])}`.replace(
    /\.s = \S+/,
    `.s = ${other}.s`,
  );
  const join = choices.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN']);
  return {
    query: both,
    text: `FROM ${first} ${join} ${choices.pick(world.inner)} AS ${other} ON ${on}${join === 'FULL JOIN' ? '' : extra}${where}`,
  };
}

/** EXISTS, IN, ANY, ALL, and comparisons with scalar subqueries. */
export function subqueryPredicate(query: QueryContext): string {
  const { choices } = query;
  const not = choices.pick(['', 'NOT ']);
  const kind = anyKind(choices);
  const of = (): string => expression(query, kind, 1);
  return choices.make(
    () => `${not}EXISTS (SELECT 1 ${inner(query).text})`,
    () => `${of()} ${not}IN (${column(query, kind)})`,
    () => `${of()} ${choices.pick(['=', '<', '>=', '<>'])} ${choices.pick(['ANY', 'ALL'])} (${column(query, kind)})`,
    () => `${of()} ${choices.pick(['=', '<', '>=', '<>'])} ${scalarSubquery(query, kind)}`,
    () => `${not}EXISTS (SELECT ${aggregateOver(query)} HAVING count(*) > ${choices.between(1, 3)})`,
  );
}

/** `SELECT x FROM …` with one column of a kind. */
function column(query: QueryContext, kind: ColumnKind): string {
  const { choices } = query;
  const simple = (): string => {
    const { query: opened, text } = inner(query);
    return `SELECT ${choices.pick(['', 'DISTINCT '])}${expression(opened, kind, 1)} ${text}`;
  };
  return choices.make(
    simple,
    simple,
    simple,
    () => {
      const { query: opened, text } = inner(query);
      // A bare constant is no key for PostgreSQL (42601), nor for LQL, though DuckDB takes it.
      const key = opened.column('text');
      return `SELECT ${aggregate(opened, kind)} ${text} GROUP BY ${key.startsWith("'") ? `${key} || ''` : key}${choices.pick(['', ' HAVING count(*) > 1'])}`;
    },
    () => `${simple()} ${choices.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} ${simple()}`,
    () => {
      const { query: opened, text } = inner(query, false);
      const [alias] = opened.sources.map((source) => source.alias);
      return `SELECT ${expression(opened, kind, 1)} ${text} ORDER BY ${alias}.id LIMIT ${choices.between(1, 3)}`;
    },
  );
}

function aggregateOver(query: QueryContext): string {
  const { query: opened, text } = inner(query);
  return `${aggregate(opened, 'int')} ${text}`;
}

/** A subquery of one row at most: an aggregate, the first row of a total order, or the row of a number. */
export function scalarSubquery(query: QueryContext, kind: ColumnKind): string {
  const { choices } = query;
  return choices.make(
    () => {
      const { query: opened, text } = inner(query);
      return `(SELECT ${aggregate(opened, kind)} ${text})`;
    },
    () => {
      const { query: opened, text } = inner(query, false);
      const [alias] = opened.sources.map((source) => source.alias);
      return `(SELECT ${expression(opened, kind, 1)} ${text} ORDER BY ${alias}.id ${choices.pick(['', 'DESC '])}LIMIT 1)`;
    },
    () => {
      const alias = query.alias();
      const opened = query.inner(true).over([tableSource(alias)]);
      const table = choices.pick(query.world.inner);
      return `(SELECT ${expression(opened, kind, 1)} FROM ${table} AS ${alias} WHERE ${alias}.id = ${opened.outerColumn('int')})`;
    },
  );
}
