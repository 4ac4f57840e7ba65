import type { FrameBound, WindowFrame } from '../../../../grammars/ast/expression.ts';
import { type DataType, INT64, INTERVAL, typeName } from '../../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../../src/types/error.ts';
import type { Span } from '../../../../src/types/span.ts';
import type { BoundExpression, BoundFrame, BoundFrameBound, SortKey } from '../../../expression.ts';
import { freeColumns } from '../../../expression-visit.ts';
import { castArgument } from '../cast.ts';
import type { ExpressionContext } from '../context.ts';
import { bindExpression } from '../expression.ts';

/** From the start of the partition to the current row and its peers (PostgreSQL, 4.2.8). */
const DEFAULT_FRAME: BoundFrame = { unit: 'range', start: { type: 'unbounded_preceding' }, end: { type: 'current_row' } };

/** Bounds in the order in which a frame may have them. */
const ORDER: readonly FrameBound['type'][] = [
  'unbounded_preceding',
  'preceding',
  'current_row',
  'following',
  'unbounded_following',
];

/** The frame of a window call. Errors: 42P20 for bounds that no frame has. */
export function bindFrame(
  frame: WindowFrame | null,
  orderBy: readonly SortKey[],
  context: ExpressionContext,
  span: Span,
): BoundFrame {
  if (frame === null) return DEFAULT_FRAME;
  checkBounds(frame, orderBy, span);
  const offsetType = frame.unit === 'range' ? rangeOffsetType(frame, orderBy, span) : INT64;
  const bound = (each: FrameBound): BoundFrameBound => bindBound(each, frame.unit, offsetType, context);
  return { unit: frame.unit, start: bound(frame.start), end: bound(frame.end) };
}

function checkBounds(frame: WindowFrame, orderBy: readonly SortKey[], span: Span): void {
  const refuse = (what: string): LumaError => new LumaError(SQLSTATE.windowingError, what, { span });
  const shown = (bound: FrameBound): string => bound.type.replaceAll('_', ' ');
  if (frame.start.type === 'unbounded_following') throw refuse('frame start cannot be UNBOUNDED FOLLOWING');
  if (frame.end.type === 'unbounded_preceding') throw refuse('frame end cannot be UNBOUNDED PRECEDING');
  if (ORDER.indexOf(frame.start.type) > ORDER.indexOf(frame.end.type)) {
    throw refuse(`frame starting from ${shown(frame.start)} row cannot end at ${shown(frame.end)} row`);
  }
  if (frame.unit === 'groups' && orderBy.length === 0) throw refuse('GROUPS mode requires an ORDER BY clause');
}

/** What RANGE adds to the one order column: its own type, or an interval for dates and timestamps. */
function rangeOffsetType(frame: WindowFrame, orderBy: readonly SortKey[], span: Span): DataType {
  if (!('offset' in frame.start) && !('offset' in frame.end)) return INT64;
  const [key] = orderBy;
  if (key === undefined || orderBy.length > 1) {
    const message = 'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column';
    throw new LumaError(SQLSTATE.windowingError, message, { span });
  }
  const { type } = key.expression;
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'decimal':
    case 'float64':
      return type;
    case 'date':
    case 'timestamp':
      return INTERVAL;
    default:
      throw notSupported(`RANGE with an offset for column type ${typeName(type).toLowerCase()}`, { span });
  }
}

function bindBound(bound: FrameBound, unit: WindowFrame['unit'], type: DataType, context: ExpressionContext): BoundFrameBound {
  if (bound.type !== 'preceding' && bound.type !== 'following') return { type: bound.type };
  const offset = bindExpression(bound.offset, { ...context, clause: `window ${unit.toUpperCase()}`, attachments: null });
  return { type: bound.type, offset: checkedOffset(offset, unit, type, context) };
}

function checkedOffset(
  offset: BoundExpression,
  unit: WindowFrame['unit'],
  type: DataType,
  context: ExpressionContext,
): BoundExpression {
  if (freeColumns(offset).size > 0) {
    const message = `argument of ${unit.toUpperCase()} must not contain variables`;
    throw new LumaError(SQLSTATE.invalidColumnReference, message, { span: offset.span });
  }
  return castArgument(context.environment.session, offset, type, unit.toUpperCase());
}
