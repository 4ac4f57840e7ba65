import { Choices } from './choices.ts';
import { QueryContext } from './query-context.ts';
import { limit, select, totalOrder } from './selects.ts';
import { BIG, SMALL } from './world.ts';

export interface RandomQuery {
  readonly text: string;
  /** Whether rows that differ have one order. */
  readonly ordered: boolean;
}

/** A query over the small tables. */
export function smallQuery(numbers: ArrayLike<number>): RandomQuery {
  const query = new QueryContext(new Choices(numbers), SMALL, 2);
  const { text, kinds } = select(query);
  return query.choices.make<RandomQuery>(
    () => ({ text, ordered: false }),
    () => ({ text, ordered: false }),
    () => ({ text: `SELECT * FROM (${text}) AS q${totalOrder(query, kinds.length)}`, ordered: true }),
    () => ({ text: `SELECT * FROM (${text}) AS q${totalOrder(query, kinds.length)}${limit(query)}`, ordered: true }),
    () => ({
      text: `WITH q AS (${text}) SELECT a.c0, count(*) AS c1 FROM q AS a JOIN q AS b ON a.c0 = b.c0 GROUP BY a.c0`,
      ordered: false,
    }),
    () => ({ text: `SELECT count(*) AS c0, count(c0) AS c1 FROM (${text}) AS q`, ordered: false }),
    () => ({
      text: `WITH q AS (${text}), r AS (SELECT c0, count(*) AS n FROM q GROUP BY c0) SELECT r.c0, r.n, (SELECT count(*) FROM q WHERE q.c0 = r.c0) FROM r WHERE r.n >= (SELECT min(n) FROM r) OR r.c0 IN (SELECT c0 FROM q)`,
      ordered: false,
    }),
  );
}

/** A query over the big tables, with a small answer. */
export function bigQuery(numbers: ArrayLike<number>): RandomQuery {
  const query = new QueryContext(new Choices(numbers), BIG, 1);
  const { text, kinds } = select(query);
  return query.choices.make<RandomQuery>(
    () => ({ text: `SELECT * FROM (${text}) AS q${totalOrder(query, kinds.length)}${limit(query)}`, ordered: true }),
    () => {
      const parts = kinds.map(
        (kind, i) =>
          `count(c${i}), ${kind === 'int' || kind === 'decimal' || kind === 'float' ? `sum(c${i}), ` : ''}min(c${i}), max(c${i})`,
      );
      return { text: `SELECT count(*), ${parts.join(', ')} FROM (${text}) AS q`, ordered: true };
    },
    () => {
      // Doubles that are equal on paper differ in their last digits.
      const counts = kinds.map((kind, i) => `count(${kind === 'float' ? '' : 'DISTINCT '}c${i})`);
      return { text: `SELECT ${counts.join(', ')} FROM (${text}) AS q`, ordered: true };
    },
  );
}
