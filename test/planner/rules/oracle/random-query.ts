/**
 * Random SQL over the small tables, driven by a list of numbers: each decision takes the next (0 once they run out), so
 * that fast-check shrinks the list and with it the query.
 */
class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return options[number % options.length] ?? options[0];
  }

  number(below: number): number {
    return this.pick([0, ...Array.from({ length: below - 1 }, (_, each) => each + 1)]);
  }
}

interface Source {
  readonly alias: string;
  readonly columns: readonly [string, ...string[]];
}

type Scope = readonly [Source, ...Source[]];

const TABLES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  l: ['k', 'a', 'b'],
  r: ['a', 'b'],
  s: ['a'],
  e: ['a', 'b'],
};

const COMPARISONS: readonly [string, ...string[]] = ['=', '=', '<', '>=', '<>'];

/** A query whose answer does not depend on the order of evaluation. */
export function randomQuery(numbers: readonly number[]): string {
  return new Writer(new Choices(numbers)).query();
}

class Writer {
  readonly #choices: Choices;
  #aliases = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  query(): string {
    const first = this.#select([], 2);
    const kind = this.#choices.number(8);
    if (kind > 4) return first;
    const operator = this.#choices.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL']);
    return kind === 4 ? `SELECT x FROM (${first}) q WHERE x > 1 OR x IS NULL` : `${first} ${operator} ${this.#select([], 1)}`;
  }

  /** One column, `x`. */
  #select(outer: readonly Source[], depth: number): string {
    const { text, scope } = this.#from(outer, depth);
    const visible: Scope = [scope[0], ...scope.slice(1), ...outer];
    const where = this.#choices.number(4) === 0 ? '' : ` WHERE ${this.#predicate(visible, depth)}`;
    const own = this.#column(scope);
    switch (this.#choices.number(6)) {
      case 1:
        return `SELECT ${this.#aggregate(scope)} AS x FROM ${text}${where}`;
      case 2:
        return `SELECT ${this.#aggregate(scope)} AS x FROM ${text}${where} GROUP BY ${own}`;
      case 3:
        return `SELECT ${own} AS x FROM ${text}${where} GROUP BY ${own} HAVING ${this.#aggregate(scope)} > 1 OR ${own} = 2`;
      case 4:
        return `SELECT DISTINCT ${own} AS x FROM ${text}${where}`;
      default:
        return `SELECT ${this.#value(visible, depth)} AS x FROM ${text}${where}`;
    }
  }

  #from(outer: readonly Source[], depth: number): { readonly text: string; readonly scope: Scope } {
    const first = this.#source(outer, depth);
    let { text } = first;
    let scope: Scope = [first.source];
    for (let more = this.#choices.number(3); more > 0; more--) {
      const next = this.#source(outer, depth - 1);
      const joined: Scope = [...scope, next.source];
      const type = this.#choices.pick(['JOIN', 'LEFT JOIN', 'JOIN', 'RIGHT JOIN', 'FULL JOIN']);
      const on = `${this.#column([next.source])} = ${this.#column(scope)}`;
      const extra = this.#choices.number(3) === 1 && type !== 'FULL JOIN' ? ` AND ${this.#predicate(joined, 0)}` : '';
      text = `${text} ${type} ${next.text} ON ${on}${extra}`;
      scope = joined;
    }
    return { text, scope };
  }

  #source(outer: readonly Source[], depth: number): { readonly text: string; readonly source: Source } {
    this.#aliases += 1;
    const alias = `q${this.#aliases}`;
    if (depth > 1 && this.#choices.number(5) === 1) {
      // Not LATERAL: a derived table sees no outer column but those of enclosing queries.
      return { text: `(${this.#select(outer, depth - 1)}) ${alias}`, source: { alias, columns: ['x'] } };
    }
    const table = this.#choices.pick(['l', 'r', 's', 'r', 'e']);
    return { text: `${table} ${alias}`, source: { alias, columns: TABLES[table] ?? ['a'] } };
  }

  #predicate(scope: Scope, depth: number): string {
    const column = this.#column(scope);
    switch (this.#choices.number(depth > 0 ? 14 : 8)) {
      case 1:
        return `${column} IS NULL`;
      case 2:
        return `(${this.#predicate(scope, depth - 1)} AND ${this.#predicate(scope, depth - 1)})`;
      case 3:
        return `(${this.#predicate(scope, depth - 1)} OR ${this.#predicate(scope, depth - 1)})`;
      case 4:
        return `NOT (${this.#predicate(scope, depth - 1)})`;
      case 5:
        return `${column} ${this.#choices.pick(COMPARISONS)} ${this.#choices.number(4)}`;
      case 6:
        return `${column} IN (1, ${this.#choices.pick(['2', 'NULL', '3'])})`;
      case 8:
        return `EXISTS (${this.#select(scope, depth - 1)})`;
      case 9:
        return `${column} IN (${this.#select(scope, depth - 1)})`;
      case 10:
        return `${column} NOT IN (${this.#select(scope, depth - 1)})`;
      case 11:
      case 12:
        return `${column} ${this.#choices.pick(COMPARISONS)} ${this.#scalar(scope, depth - 1)}`;
      default:
        return `${column} ${this.#choices.pick(COMPARISONS)} ${this.#column(scope)}`;
    }
  }

  #value(scope: Scope, depth: number): string {
    switch (this.#choices.number(depth > 0 ? 5 : 3)) {
      case 1:
        return `${this.#column(scope)} + ${this.#column(scope)}`;
      case 2:
        return `coalesce(${this.#column(scope)}, 9)`;
      case 3:
        return this.#scalar(scope, depth - 1);
      default:
        return this.#column(scope);
    }
  }

  /** A scalar subquery that cannot give two rows. */
  #scalar(scope: Scope, depth: number): string {
    const { text, scope: own } = this.#from(scope, depth);
    const visible: Scope = [...own, ...scope];
    const where = this.#predicate(visible, depth);
    const also = `${this.#column(own)} = ${this.#column(scope)}`;
    return `(SELECT ${this.#aggregate(own)} FROM ${text} WHERE ${also} AND ${where})`;
  }

  #aggregate(scope: Scope): string {
    const column = this.#column(scope);
    return this.#choices.pick([
      'count(*)',
      `sum(${column})`,
      `max(${column})`,
      `count(${column})`,
      `count(DISTINCT ${column})`,
      `count(DISTINCT ${column}) + count(*)`,
    ]);
  }

  #column(scope: Scope): string {
    const source = this.#choices.pick(scope);
    return `${source.alias}.${this.#choices.pick(source.columns)}`;
  }
}
