import type { Matcher } from '../../../grammars/ast/series.ts';
import { TEXT } from '../../../src/types/data-type.ts';
import type { BoundExpression } from '../../expression.ts';
import { coalesceOf, constantOf, isNullOf, logicalOf, notOf } from '../../expression-build.ts';
import { callFunction, evaluateConstant } from '../expression/coerce.ts';
import type { BindSession } from '../session.ts';

/**
 * Label matchers (Prometheus, Instant vector selectors). A label that is missing or NULL is the empty string. Regular
 * expressions are those of the registered function `regexp_full_match`, here as in execution.
 */

/** Whether a known value matches: of the metric's name, or '' for a label that a table does not have. */
export function matchesValue(matcher: Matcher, value: string, session: BindSession): boolean {
  switch (matcher.operator) {
    case 'equal':
      return value === matcher.value;
    case 'not_equal':
      return value !== matcher.value;
    case 'match':
    case 'not_match': {
      const call = fullMatch(matcher, constantOf(value, TEXT, matcher.span), session);
      const matched = evaluateConstant(session, call, matcher.span).value === true;
      return matched === (matcher.operator === 'match');
    }
  }
}

/** The matcher over a text column, as a predicate that is never NULL where it must hold. */
export function matcherPredicate(matcher: Matcher, label: BoundExpression, session: BindSession): BoundExpression {
  const { span } = matcher;
  const wanted = constantOf(matcher.value, TEXT, span);
  const compare = (name: 'equal' | 'not_equal'): BoundExpression => callFunction(session, name, [label, wanted], span);
  const orMissing = (predicate: BoundExpression): BoundExpression =>
    label.nullable ? logicalOf('or', [isNullOf(label, span), predicate], span) : predicate;
  switch (matcher.operator) {
    case 'equal':
      return matcher.value === '' ? orMissing(compare('equal')) : compare('equal');
    case 'not_equal':
      return matcher.value === '' ? compare('not_equal') : orMissing(compare('not_equal'));
    case 'match':
    case 'not_match': {
      const present = label.nullable ? coalesceOf([label, constantOf('', TEXT, span)], TEXT, span) : label;
      const call = fullMatch(matcher, present, session);
      return matcher.operator === 'match' ? call : notOf(call, span);
    }
  }
}

function fullMatch(matcher: Matcher, text: BoundExpression, session: BindSession): BoundExpression {
  return callFunction(session, 'regexp_full_match', [text, constantOf(matcher.value, TEXT, matcher.span)], matcher.span);
}
