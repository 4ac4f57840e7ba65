import { sameType } from '../../../src/types/data-type.ts';
import type { BoundExpression, ColumnId, ColumnRef } from '../../expression.ts';
import { asEquality } from '../../logical/predicates.ts';

/** The two columns that a predicate says are equal and not NULL. */
export function columnEquality(predicate: BoundExpression): readonly [ColumnRef, ColumnRef] | undefined {
  const equality = asEquality(predicate);
  if (equality === undefined || equality.nullSafe) return undefined;
  const { left, right } = equality;
  if (left.kind !== 'column' || right.kind !== 'column' || left.id === right.id || !sameType(left.type, right.type)) {
    return undefined;
  }
  return [left, right];
}

/** Sets of columns that the predicates together make equal, each of at least two. */
export function equalityClasses(predicates: readonly BoundExpression[]): readonly (readonly ColumnRef[])[] {
  const classOf = new Map<ColumnId, ColumnRef[]>();
  for (const predicate of predicates) {
    const pair = columnEquality(predicate);
    if (pair === undefined) continue;
    const [left, right] = pair.map((column) => classOf.get(column.id) ?? [column]);
    if (left === undefined || right === undefined || left === right) continue;
    const merged = [...left, ...right];
    for (const column of merged) classOf.set(column.id, merged);
  }
  return [...new Set(classOf.values())];
}
