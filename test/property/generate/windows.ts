import type { ColumnKind } from '../tables.ts';
import { anyKind, expression } from './expressions.ts';
import type { QueryContext } from './query-context.ts';

interface WindowedCall {
  readonly text: string;
  readonly kind: ColumnKind;
}

/** A window function over the table `alias`; where rows that tie would make a difference, the order is total. */
export function windowCall(query: QueryContext, alias: string): WindowedCall {
  const { choices } = query;
  const kind = anyKind(choices);
  const of = (): string => expression(query, kind, 1);
  // A decimal's scale is the common one of value and default, as PostgreSQL keeps it; DuckDB takes the value's.
  const orElse = (): string => (kind === 'decimal' || kind === 'wide' ? ', 2' : `, 3, ${of()}`);
  const partition = choices.pick([
    '',
    `PARTITION BY ${alias}.s `,
    `PARTITION BY ${alias}.b, ${alias}.d `,
    `PARTITION BY ${alias}.i `,
  ]);
  const nulls = (): string => choices.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST']);
  const total = (): string =>
    `${partition}ORDER BY ${alias}.${choices.pick(['i', 'x', 's', 'ts', 'w', 'm', 'r'])}${nulls()}, ${alias}.id${nulls()}`;
  const rows = (): string => {
    const start = choices.pick(['2 PRECEDING', 'UNBOUNDED PRECEDING', '1 FOLLOWING', 'CURRENT ROW']);
    const end =
      start === '1 FOLLOWING'
        ? choices.pick(['3 FOLLOWING', 'UNBOUNDED FOLLOWING'])
        : choices.pick(['CURRENT ROW', '2 FOLLOWING', 'UNBOUNDED FOLLOWING']);
    return `ROWS BETWEEN ${start} AND ${end}`;
  };
  return choices.make<WindowedCall>(
    () => ({ text: `row_number() OVER (${total()})`, kind: 'int' }),
    () => ({
      text: `${choices.pick(['rank', 'dense_rank'])}() OVER (${partition}ORDER BY ${query.column(kind)}${nulls()})`,
      kind: 'int',
    }),
    () => ({
      text: `${choices.pick(['percent_rank', 'cume_dist'])}() OVER (${partition}ORDER BY ${query.column(kind)}${nulls()})`,
      kind: 'float',
    }),
    () => ({ text: `ntile(${choices.between(1, 5)}) OVER (${total()})`, kind: 'int' }),
    () => ({
      text: `${choices.pick(['lag', 'lead'])}(${of()}${choices.pick(['', ', 2', orElse()])}) OVER (${total()})`,
      kind,
    }),
    () => ({ text: `${choices.pick(['first_value', 'last_value'])}(${of()}) OVER (${total()} ${rows()})`, kind }),
    () => ({ text: `nth_value(${of()}, ${choices.between(1, 3)}) OVER (${total()} ${rows()})`, kind }),
    () => ({ text: `${aggregateCall(query, kind)} OVER (${total()} ${rows()})`, kind }),
    () => ({
      text: `${aggregateCall(query, kind)} OVER (${partition}${choices.pick(['', `ORDER BY ${query.column(anyKind(choices))}${nulls()}`])})`,
      kind,
    }),
    () => ({ text: `${aggregateCall(query, kind)} OVER (${partition}${rangeFrame(query, alias)})`, kind }),
    () => ({
      text: `${aggregateCall(query, kind)} OVER (${partition}ORDER BY ${query.column(anyKind(choices))}${nulls()} GROUPS BETWEEN ${choices.pick(['1 PRECEDING', 'UNBOUNDED PRECEDING', 'CURRENT ROW'])} AND ${choices.pick(['CURRENT ROW', '2 FOLLOWING', 'UNBOUNDED FOLLOWING'])})`,
      kind,
    }),
  );
}

/** RANGE with offsets: one key, of a type that has a distance. */
function rangeFrame({ choices }: QueryContext, alias: string): string {
  const [column, low, high] = choices.pick([
    ['n', '5', '3'],
    ['i', '1', '2'],
    ['x', '0.5', '0.25'],
    ['m', '1.5', '2'],
    ['ts', "INTERVAL '40 minutes'", "INTERVAL '1 hour'"],
    ['d', "INTERVAL '1 day'", "INTERVAL '2 days'"],
  ]);
  const bounds = choices.pick([
    `${low} PRECEDING AND ${high} FOLLOWING`,
    `${low} PRECEDING AND CURRENT ROW`,
    `UNBOUNDED PRECEDING AND ${high} FOLLOWING`,
    `CURRENT ROW AND UNBOUNDED FOLLOWING`,
  ]);
  return `ORDER BY ${alias}.${column}${choices.pick(['', ' DESC', ' NULLS FIRST'])} RANGE BETWEEN ${bounds}`;
}

/** An aggregate that stands alone: no DISTINCT, which windows do not take, and no expression around it. */
function aggregateCall(query: QueryContext, kind: ColumnKind): string {
  const { choices } = query;
  const of = (other: ColumnKind): string => expression(query, other, 1);
  switch (kind) {
    case 'int':
      return choices.make(
        () => 'count(*)',
        () => `count(${of(anyKind(choices))})`,
        () => `sum(${of('int')})`,
        () => `max(${of('int')})`,
      );
    case 'float':
      return choices.make(
        () => `avg(${of(choices.pick<ColumnKind>(['int', 'decimal', 'float']))})`,
        () => `sum(${of('float')})`,
        () => `min(${of('float')})`,
      );
    case 'decimal':
    case 'wide':
      return `${choices.pick(['min', 'sum', 'max'])}(${of(kind)})`;
    case 'boolean':
      return `${choices.pick(['bool_and', 'bool_or'])}(${of(kind)})`;
    default:
      return `${choices.pick(['min', 'max'])}(${of(kind)})`;
  }
}
