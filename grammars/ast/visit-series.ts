import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Selector, SeriesExpression, SeriesKind } from './series.ts';
import { type ChildrenTable, type MapTable, mapList, mapOptional, none, present, same, withChanges } from './visit-table.ts';

export const SERIES_CHILDREN: ChildrenTable<SeriesKind> = {
  selector: none,
  range_selector: (range) => [range.selector],
  subquery: (subquery) => [subquery.expression],
  number: none,
  string: none,
  series_call: (call) => call.arguments,
  aggregation: (aggregation) => present(aggregation.parameter, aggregation.operand),
  series_binary: (binary) => [binary.left, binary.right],
  series_negate: (negate) => [negate.operand],
};

export const SERIES_MAP: MapTable<SeriesKind> = {
  selector: same,
  range_selector: (range, map) => withChanges(range, { selector: asSelector(map.series(range.selector)) }),
  subquery: (subquery, map) => withChanges(subquery, { expression: map.series(subquery.expression) }),
  number: same,
  string: same,
  series_call: (call, map) => withChanges(call, { arguments: mapList(call.arguments, map.series) }),
  aggregation: (aggregation, map) =>
    withChanges(aggregation, {
      parameter: mapOptional(aggregation.parameter, map.series),
      operand: map.series(aggregation.operand),
    }),
  series_binary: (binary, map) => withChanges(binary, { left: map.series(binary.left), right: map.series(binary.right) }),
  series_negate: (negate, map) => withChanges(negate, { operand: map.series(negate.operand) }),
};

/** Only a selector has raw samples to take a range of. */
function asSelector(expression: SeriesExpression): Selector {
  if (expression.kind === 'selector') return expression;
  throw new LumaError(SQLSTATE.internalError, `a rewrite put a ${expression.kind} under a range`, { span: expression.span });
}
