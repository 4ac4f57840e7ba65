import type { ColumnKind } from '../tables.ts';
import type { Choices } from './choices.ts';
import { literal } from './literals.ts';
import type { Source, World } from './world.ts';

/** What a part of a query is written with: the decisions, the tables, and the columns that it may name. */
export class QueryContext {
  readonly choices: Choices;
  readonly world: World;
  /** Relations of this query's FROM. */
  readonly sources: readonly Source[];
  /** Relations of enclosing queries. */
  readonly outer: readonly Source[];
  /** Levels of subqueries that may still open. */
  readonly nesting: number;
  readonly #aliases: { next: number };

  constructor(
    choices: Choices,
    world: World,
    nesting: number,
    sources: readonly Source[] = [],
    outer: readonly Source[] = [],
    aliases = { next: 1 },
  ) {
    this.choices = choices;
    this.world = world;
    this.nesting = nesting;
    this.sources = sources;
    this.outer = outer;
    this.#aliases = aliases;
  }

  alias(): string {
    return `q${this.#aliases.next++}`;
  }

  /** The same query with these relations in its FROM. */
  over(sources: readonly Source[]): QueryContext {
    return new QueryContext(this.choices, this.world, this.nesting, sources, this.outer, this.#aliases);
  }

  /** A subquery's start, which sees this query's columns if it is correlated. */
  inner(correlated: boolean): QueryContext {
    const outer = correlated ? [...this.sources, ...this.outer] : [];
    return new QueryContext(this.choices, this.world, this.nesting - 1, [], outer, this.#aliases);
  }

  /** A column of this query's own relations, sometimes of an enclosing query's; a literal when none has the kind. */
  column(kind: ColumnKind): string {
    const visible = this.outer.length > 0 && this.choices.oneIn(4) ? this.outer : this.sources;
    return columnOf(this.choices, visible, kind) ?? literal(this.choices, kind);
  }

  /** A column of an enclosing query. */
  outerColumn(kind: ColumnKind): string {
    return columnOf(this.choices, this.outer, kind) ?? literal(this.choices, kind);
  }
}

export function columnOf(choices: Choices, sources: readonly Source[], kind: ColumnKind): string | undefined {
  const [first, ...rest] = sources.flatMap(({ alias, columns }) => columns[kind].map((name) => `${alias}.${name}`));
  return first === undefined ? undefined : choices.pick([first, ...rest]);
}
