import type { ColumnKind } from '../tables.ts';
import { anyKind } from './expressions.ts';
import { literal } from './literals.ts';
import { predicate } from './predicates.ts';
import type { QueryContext } from './query-context.ts';
import { type Select, select } from './selects.ts';
import { derivedSource, type Source, tableSource } from './world.ts';

export interface From {
  readonly text: string;
  readonly sources: readonly Source[];
}

/** FROM: one relation, or up to three joined. */
export function from(query: QueryContext): From {
  const { choices } = query;
  let joined = relation(query);
  for (let more = choices.pick([0, 0, 0, 1, 1, 2]); more > 0; more--) joined = join(query, joined);
  return joined;
}

function join(query: QueryContext, left: From): From {
  const { choices, world } = query;
  if (choices.oneIn(8)) return lateral(query, left);
  const right = relation(query);
  const sources = [...left.sources, ...right.sources];
  const on = query.over(sources);
  const equality = equalityOf(query, left, right);
  if (equality === undefined) {
    const condition = `${predicate(on, 0)} AND ${predicate(on, 0)}`;
    return world.products ? { text: `${left.text} JOIN ${right.text} ON ${condition}`, sources } : left;
  }
  const type = choices.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'JOIN']);
  const condition = choices.make(
    () => equality,
    () => `${equality} AND ${predicate(on, 0)}`,
    () => equality,
  );
  return { text: `${left.text} ${type} ${right.text} ON ${condition}`, sources };
}

/** An equality that keeps the join small; undefined when the relations share no kind of column. */
function equalityOf(query: QueryContext, left: From, right: From): string | undefined {
  const { choices, world } = query;
  const tables = (from_: From): readonly Source[] => from_.sources.filter((source) => source.columns.wide.includes('w'));
  const [a] = tables(left);
  const [b] = tables(right);
  if (a !== undefined && b !== undefined) return choices.pick(world.joins).replaceAll('#1', a.alias).replaceAll('#2', b.alias);
  if (!world.products) return undefined;
  for (const kind of ['int', 'text', 'decimal', 'date'] as const) {
    const pair = [left, right].map(({ sources }) => {
      const [first, ...rest] = sources.flatMap(({ alias, columns }) => columns[kind].map((name) => `${alias}.${name}`));
      return first === undefined ? undefined : choices.pick([first, ...rest]);
    });
    if (pair[0] !== undefined && pair[1] !== undefined) return `${pair[0]} = ${pair[1]}`;
  }
  return undefined;
}

/** A derived table that sees the relations before it. */
function lateral(query: QueryContext, left: From): From {
  const { choices, world } = query;
  const alias = query.alias();
  const table = query.alias();
  const kind = choices.pick<ColumnKind>(['int', 'text', 'decimal']);
  const opened = query
    .over(left.sources)
    .inner(true)
    .over([tableSource(table)]);
  const condition = `${opened.column(kind)} = ${opened.outerColumn(kind)}`;
  const body = choices.make(
    () => `SELECT count(*) AS c0, max(${table}.s) AS c1 FROM ${choices.pick(world.inner)} AS ${table} WHERE ${condition}`,
    () =>
      `SELECT ${table}.i AS c0, ${table}.s AS c1 FROM ${choices.pick(world.inner)} AS ${table} WHERE ${condition} ORDER BY ${table}.id LIMIT ${choices.between(1, 2)}`,
    () =>
      `SELECT ${table}.id + ${opened.outerColumn('int')} AS c0, ${table}.r AS c1 FROM ${choices.pick(world.inner)} AS ${table} WHERE ${condition}`,
  );
  const joined = choices
    .pick(['CROSS JOIN LATERAL #', 'LEFT JOIN LATERAL # ON TRUE'])
    .replace('#', () => `(${body}) AS ${alias}`);
  return { text: `${left.text} ${joined}`, sources: [...left.sources, derivedSource(alias, ['int', 'text'])] };
}

function relation(query: QueryContext): From {
  const { choices, world } = query;
  const alias = query.alias();
  const table = (): From => ({ text: `${choices.pick(world.outer)} AS ${alias}`, sources: [tableSource(alias)] });
  if (query.nesting <= 0) return table();
  return choices.make(
    table,
    table,
    table,
    table,
    () => {
      const { text, kinds }: Select = select(query.inner(false));
      return { text: `(${text}) AS ${alias}`, sources: [derivedSource(alias, kinds)] };
    },
    () => {
      const kinds = choices.some(1, 3, () => anyKind(choices));
      const rows = choices.some(
        1,
        4,
        (row) => `(${kinds.map((kind) => (row > 0 && choices.oneIn(5) ? 'NULL' : literal(choices, kind))).join(', ')})`,
      );
      return {
        text: `(VALUES ${rows.join(', ')}) AS ${alias}(${kinds.map((_, i) => `c${i}`).join(', ')})`,
        sources: [derivedSource(alias, kinds)],
      };
    },
  );
}
