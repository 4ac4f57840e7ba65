import type { ColumnKind } from '../tables.ts';
import { anyKind, expression } from './expressions.ts';
import { predicate } from './predicates.ts';
import type { QueryContext } from './query-context.ts';

/** An aggregate of this query's rows with a result of a kind; the same on both sides whatever the order of the rows. */
export function aggregate(query: QueryContext, kind: ColumnKind): string {
  const { choices } = query;
  const filter = (): string => (choices.oneIn(6) ? ` FILTER (WHERE ${predicate(query, 1)})` : '');
  const distinct = (): string => (choices.oneIn(5) ? 'DISTINCT ' : '');
  const of = (other: ColumnKind): string => expression(query, other, 1);
  const extreme = (): string => `${choices.pick(['min', 'max'])}(${of(kind)})${filter()}`;
  switch (kind) {
    case 'int':
      return choices.make(
        () => `count(*)${filter()}`,
        () => `count(${distinct()}${of(anyKind(choices))})${filter()}`,
        () => `sum(${distinct()}${of('int')})${filter()}`,
        extreme,
        () => `(count(*) + coalesce(${choices.pick(['min', 'max'])}(${of('int')}), 0))`,
      );
    case 'float':
      return choices.make(
        () => `avg(${distinct()}${of(choices.pick<ColumnKind>(['int', 'decimal', 'float']))})${filter()}`,
        () => `sum(${of('float')})${filter()}`,
        extreme,
        () =>
          `${choices.pick(['var_pop', 'stddev_pop', 'variance', 'stddev', 'var_samp', 'stddev_samp'])}(${of('float')})${filter()}`,
        () => `${choices.pick(['covar_pop', 'covar_samp'])}(${of('float')}, ${of('float')})`,
      );
    case 'decimal':
    case 'wide':
      return choices.make(extreme, () => `sum(${distinct()}${of(kind)})${filter()}`);
    case 'boolean':
      return `${choices.pick(['bool_and', 'bool_or', 'min', 'max'])}(${of(kind)})${filter()}`;
    default:
      return choices.make(
        extreme,
        () => `CASE WHEN count(*) > ${choices.between(1, 4)} THEN max(${of(kind)}) ELSE min(${of(kind)}) END`,
      );
  }
}
