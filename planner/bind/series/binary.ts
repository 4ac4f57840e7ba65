import type { SeriesBinary, SeriesBinaryOperator } from '../../../grammars/ast/series.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { expectKind, type SeriesContext } from './context.ts';
import { bindSeriesNode, type LogicalSeries } from './expression.ts';
import { matchedLabels, sortedLabels, withoutName } from './labels.ts';

const SET_OPERATORS: ReadonlySet<SeriesBinaryOperator> = new Set(['and', 'or', 'unless']);
const COMPARISONS: ReadonlySet<SeriesBinaryOperator> = new Set([
  'equal',
  'not_equal',
  'less',
  'less_equal',
  'greater',
  'greater_equal',
]);

/** A binary operator between scalars, a vector and a scalar, or vectors matched by labels (Prometheus, Operators). */
export function bindSeriesBinary(binary: SeriesBinary, context: SeriesContext): LogicalSeries {
  const { operator, returnBool, matching, span } = binary;
  for (const side of [binary.left, binary.right]) {
    expectKind(side, ['scalar', 'vector'], 'binary expression', context.session);
  }
  const left = bindSeriesNode(binary.left, context);
  const right = bindSeriesNode(binary.right, context);
  checkOperator(binary, left, right);
  return {
    kind: 'series_binary',
    grid: context.grid,
    type: left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'vector',
    labels: resultLabels(binary, left, right),
    span,
    operator,
    left,
    right,
    returnBool,
    matching,
  };
}

function checkOperator({ operator, returnBool, matching, span }: SeriesBinary, left: LogicalSeries, right: LogicalSeries): void {
  const refuse = (message: string, hint?: string): LumaError => new LumaError(SQLSTATE.datatypeMismatch, message, { span, hint });
  const scalars = [left, right].filter((side) => side.type === 'scalar').length;
  if (SET_OPERATORS.has(operator) && scalars > 0) {
    throw refuse(`set operator "${operator}" not allowed in binary scalar expression`);
  }
  if (COMPARISONS.has(operator)) {
    if (scalars === 2 && !returnBool) throw refuse('comparisons between scalars must use BOOL modifier', 'Write == bool.');
  } else if (returnBool) {
    throw refuse('bool modifier can only be used on comparison operators');
  }
  const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (both !== undefined) throw refuse(`label "${both}" must not occur in ON and GROUP clause at once`);
}

/** Arithmetic and `bool` drop the metric's name; a comparison that filters keeps it, and so do set operators. */
function resultLabels(binary: SeriesBinary, left: LogicalSeries, right: LogicalSeries): readonly string[] {
  const { operator, matching } = binary;
  if (operator === 'or') return sortedLabels([...left.labels, ...right.labels]);
  if (SET_OPERATORS.has(operator)) return left.labels;
  const keepsName = COMPARISONS.has(operator) && !binary.returnBool;
  if (left.type === 'vector' && right.type === 'vector') {
    return matchedLabels(left.labels, right.labels, matching, keepsName);
  }
  const labels = left.type === 'vector' ? left.labels : right.labels;
  return keepsName ? labels : withoutName(labels);
}
