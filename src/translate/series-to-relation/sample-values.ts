import type { Expression } from '../../../grammars/ast/expression.ts';
import { binary, call, filtered, text } from '../relation-build.ts';
import { NAN } from './float.ts';

/** The greatest number; NaN only where there is nothing else. SQL has NaN as the greatest. */
export function greatest(value: Expression): Expression {
  return call('coalesce', filtered(call('max', value), binary('not_equal', value, NAN)), NAN);
}

/** A counter fell: NaN before it never counts as greater. */
export function isReset(value: Expression, previous: Expression): Expression {
  return binary('and', binary('less', value, previous), binary('not_equal', previous, NAN));
}

/** Seconds between two times. */
export function seconds(later: Expression, earlier: Expression): Expression {
  return call('extract', text('epoch'), binary('subtract', later, earlier));
}
