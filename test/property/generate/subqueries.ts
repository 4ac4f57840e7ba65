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

/** A table under a new alias with conditions, most of them on columns of the enclosing query. */
function inner(query: QueryContext): Inner {
  const { choices } = query;
  const alias = query.alias();
  const opened = query.inner(!choices.oneIn(4)).over([tableSource(alias)]);
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
  return { query: opened, text: `FROM ${choices.pick(query.world.inner)} AS ${alias}${where}` };
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
  const { query: opened, text } = inner(query);
  return `SELECT ${opened.choices.pick(['', 'DISTINCT '])}${expression(opened, kind, 1)} ${text}`;
}

function aggregateOver(query: QueryContext): string {
  const { query: opened, text } = inner(query);
  return `${aggregate(opened, 'int')} ${text}`;
}

/** A subquery of one row at most: an aggregate, or the first row of a total order. */
export function scalarSubquery(query: QueryContext, kind: ColumnKind): string {
  const { query: opened, text } = inner(query);
  const [alias] = opened.sources.map((source) => source.alias);
  return opened.choices.make(
    () => `(SELECT ${aggregate(opened, kind)} ${text})`,
    () => `(SELECT ${expression(opened, kind, 1)} ${text} ORDER BY ${alias}.id ${opened.choices.pick(['', 'DESC '])}LIMIT 1)`,
  );
}
