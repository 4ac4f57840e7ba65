import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Matcher } from '../../../grammars/ast/series.ts';
import { matcherRegExp } from '../../../grammars/promql/regex.ts';
import { binary, boolean, call, isNull, not, or, text } from '../relation-build.ts';

/*
 * Matchers as conditions on a label column: NULL or empty is an absent label, which PromQL reads as the empty string.
 */

/** The condition, or null when every series passes. `label` is null where the metric never has it. */
export function matcherCondition(matcher: Matcher, label: Expression | null): Expression | null {
  const absentPasses = passes(matcher, '');
  if (label === null) return absentPasses ? null : boolean(false);
  switch (matcher.operator) {
    case 'equal':
      return matcher.value === '' ? isAbsent(label) : binary('equal', label, text(matcher.value));
    case 'not_equal':
      return matcher.value === '' ? not(isAbsent(label)) : binary('is_distinct', label, text(matcher.value));
    case 'match':
      return positive(label, matcher, absentPasses);
    case 'not_match':
      return negative(label, matcher, absentPasses);
  }
}

function isAbsent(label: Expression): Expression {
  return isNull(call('nullif', label, text('')));
}

/** Whether a series whose label has this value passes. */
export function passes(matcher: Matcher, value: string): boolean {
  switch (matcher.operator) {
    case 'equal':
      return value === matcher.value;
    case 'not_equal':
      return value !== matcher.value;
    case 'match':
      return matcherRegExp(matcher.value, matcher.span).test(value);
    case 'not_match':
      return !matcherRegExp(matcher.value, matcher.span).test(value);
  }
}

function positive(label: Expression, matcher: Matcher, absentPasses: boolean): Expression | null {
  if (matcher.value === '.*') return null;
  if (matcher.value === '.+') return not(isAbsent(label));
  const found = present(label, matcher.value);
  return absentPasses ? or(isAbsent(label), found) : found;
}

function negative(label: Expression, matcher: Matcher, absentPasses: boolean): Expression {
  if (matcher.value === '.*') return boolean(false);
  if (matcher.value === '.+') return isAbsent(label);
  const missing = not(present(label, matcher.value));
  return absentPasses ? or(isAbsent(label), missing) : missing;
}

/** A regular expression over a label that is there: a list or LIKE where that says the same. */
function present(label: Expression, pattern: string): Expression {
  const alternatives = pattern.split('|');
  if (alternatives.every((each) => isPlain(each) && each !== '')) {
    if (alternatives.length === 1) return binary('equal', label, text(pattern));
    const items = alternatives.map(text);
    return { kind: 'in_list', span: label.span, operand: label, items, negated: false };
  }
  const like = /^(\.\*)?(.*?)(\.\*)?$/s.exec(pattern);
  const [, before, middle, after] = like ?? [];
  if (middle !== undefined && middle !== '' && isPlain(middle) && (before !== undefined || after !== undefined)) {
    const escaped = middle.replace(/[\\%_]/g, '\\$&');
    const shape = text(`${before === undefined ? '' : '%'}${escaped}${after === undefined ? '' : '%'}`);
    return {
      kind: 'like',
      span: label.span,
      operand: label,
      pattern: shape,
      escape: null,
      caseInsensitive: false,
      negated: false,
    };
  }
  return call('regexp_full_match', label, text(pattern));
}

/** Text that a regular expression takes as it is. */
function isPlain(part: string): boolean {
  return !/[\\^$.*+?()[\]{}|]/.test(part);
}
