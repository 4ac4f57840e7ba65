import type { ColumnKind } from '../tables.ts';
import { aggregate } from './aggregates.ts';
import { anyKind, expression } from './expressions.ts';
import { predicate } from './predicates.ts';
import type { QueryContext } from './query-context.ts';
import { from } from './relations.ts';
import { scalarSubquery } from './subqueries.ts';
import { windowCall } from './windows.ts';
import { tableSource } from './world.ts';

/** A query whose columns are c0, c1, …, of these kinds. */
export interface Select {
  readonly text: string;
  readonly kinds: readonly ColumnKind[];
}

export function select(query: QueryContext): Select {
  return query.choices.pick([plain, grouped, plain, grouped, windowed, combined, limited, ranked])(query);
}

function plain(query: QueryContext): Select {
  const { choices } = query;
  const { text, sources } = from(query);
  const inner = query.over(sources);
  const kinds = choices.some(1, 4, () => anyKind(choices));
  const distinct = choices.oneIn(4) ? 'DISTINCT ' : '';
  const items = kinds.map((kind) =>
    query.nesting > 0 && choices.oneIn(9) ? scalarSubquery(inner, kind) : expression(inner, kind, 2),
  );
  return { text: `SELECT ${distinct}${named(items)} FROM ${text}${where(inner)}`, kinds };
}

function grouped(query: QueryContext): Select {
  const { choices } = query;
  const { text, sources } = from(query);
  const inner = query.over(sources);
  const keys = choices.some(0, 3, () => {
    const kind = anyKind(choices);
    return { kind, text: choices.oneIn(3) ? expression(inner, kind, 1) : inner.column(kind) };
  });
  const calls = choices.some(1, 4, () => {
    const kind = anyKind(choices);
    return { kind, text: aggregate(inner, kind) };
  });
  const items = [...keys, ...calls];
  // by position: constants may be keys too
  const group = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`;
  const having = choices.oneIn(4)
    ? ` HAVING ${choices.pick(['count(*) > 1', 'count(*) % 2 = 0', `${aggregate(inner, 'int')} < 20`])}`
    : '';
  return {
    text: `SELECT ${named(items.map((item) => item.text))} FROM ${text}${where(inner)}${group}${having}`,
    kinds: items.map((item) => item.kind),
  };
}

/** Windows over groups. */
function ranked(query: QueryContext): Select {
  const { choices } = query;
  const { text, sources } = from(query);
  const inner = query.over(sources);
  const kind = anyKind(choices);
  const key = inner.column(kind);
  const [total, largest] = [aggregate(inner, 'int'), aggregate(inner, 'decimal')];
  const call = choices.make(
    () => `rank() OVER (ORDER BY ${total})`,
    () => `CAST(sum(count(*)) OVER (ORDER BY ${key}) AS BIGINT)`,
    () => `CAST(sum(${total}) OVER (PARTITION BY ${largest}) AS BIGINT)`,
    () => `CAST(max(${largest}) OVER (ORDER BY ${total}) AS BIGINT)`,
  );
  return {
    text: `SELECT ${named([key, total, call])} FROM ${text}${where(inner)} GROUP BY 1`,
    kinds: [kind, 'int', 'int'],
  };
}

function windowed(query: QueryContext): Select {
  const { choices } = query;
  const alias = query.alias();
  const inner = query.over([tableSource(alias)]);
  const calls = choices.some(1, 3, () => windowCall(inner, alias));
  const filter = choices.oneIn(2) ? where(inner) : '';
  return {
    text: `SELECT ${named([`${alias}.id`, ...calls.map((call) => call.text)])} FROM ${choices.pick(query.world.outer)} AS ${alias}${filter}`,
    kinds: ['int', ...calls.map((call) => call.kind)],
  };
}

function combined(query: QueryContext): Select {
  const { choices } = query;
  const kinds = choices.some(1, 3, () => anyKind(choices));
  const side = (): string => {
    const { text, sources } = from(query.inner(false));
    const inner = query.over(sources);
    return `SELECT ${named(kinds.map((kind) => expression(inner, kind, 1)))} FROM ${text}${where(inner)}`;
  };
  const operator = (): string => choices.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL', 'INTERSECT ALL']);
  const two = `${side()} ${operator()} ${side()}`;
  return { text: choices.oneIn(4) ? `(${two}) ${operator()} ${side()}` : two, kinds };
}

/** The first rows of a total order. */
function limited(query: QueryContext): Select {
  const { text, kinds } = query.nesting > 0 ? query.choices.pick([plain, grouped])(query.inner(false)) : plain(query);
  return { text: `SELECT * FROM (${text}) AS ${query.alias()}${totalOrder(query, kinds.length)}${limit(query)}`, kinds };
}

/** ORDER BY all columns, so that rows that tie are equal. */
export function totalOrder({ choices }: QueryContext, width: number): string {
  const key = (i: number): string => `c${i}${choices.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`;
  return ` ORDER BY ${Array.from({ length: width }, (_, i) => key(i)).join(', ')}`;
}

export function limit({ choices }: QueryContext): string {
  return ` LIMIT ${choices.pick([3, 1, 10, 100])}${choices.oneIn(3) ? ` OFFSET ${choices.between(0, 5)}` : ''}`;
}

function where(query: QueryContext): string {
  return query.choices.oneIn(2) ? ` WHERE ${predicate(query, 2)}` : '';
}

function named(items: readonly string[]): string {
  return items.map((item, i) => `${item} AS c${i}`).join(', ');
}
