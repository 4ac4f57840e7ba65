import type { FrameBound, WindowFrame } from '../../../../grammars/ast/expression.ts';
import { type DataType, INT64, INTERVAL, sameType, typeName } from '../../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../../src/types/error.ts';
import type { Span } from '../../../../src/types/span.ts';
import type { BoundExpression, BoundFrame, BoundFrameBound, SortKey } from '../../../expression.ts';
import { castOf } from '../../../expression-build.ts';
import { freeColumns } from '../../../expression-visit.ts';
import { castArgument } from '../cast.ts';
import { isUntyped, shownType, unify } from '../coerce.ts';
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

/** The frame of a window call, and the window's order as the frame reads it. Errors: 42P20 for bounds that no frame has. */
export function bindFrame(
  frame: WindowFrame | null,
  orderBy: readonly SortKey[],
  context: ExpressionContext,
  span: Span,
): { readonly frame: BoundFrame; readonly orderBy: readonly SortKey[] } {
  if (frame === null) return { frame: DEFAULT_FRAME, orderBy };
  const { unit } = frame;
  checkBounds(frame, orderBy, span);
  const [start, end] = [bindBound(frame.start, unit, context), bindBound(frame.end, unit, context)];
  const offsets = [start, end].flatMap((bound) => ('offset' in bound ? [bound.offset] : []));
  const counted: RangeOrder = { offsetType: INT64, orderBy };
  const order = unit === 'range' && offsets.length > 0 ? rangeOrder(orderBy, offsets, context, span) : counted;
  const cast = (bound: BoundFrameBound): BoundFrameBound => {
    if (!('offset' in bound)) return bound;
    const { session } = context.environment;
    return { ...bound, offset: castArgument(session, bound.offset, order.offsetType, unit.toUpperCase()) };
  };
  return { frame: { unit, start: cast(start), end: cast(end) }, orderBy: order.orderBy };
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

/** The one order column of RANGE in the type in which offsets are added to it, and the offsets' type. */
interface RangeOrder {
  readonly offsetType: DataType;
  readonly orderBy: readonly SortKey[];
}

function rangeOrder(
  orderBy: readonly SortKey[],
  offsets: readonly BoundExpression[],
  context: ExpressionContext,
  span: Span,
): RangeOrder {
  const [key] = orderBy;
  if (key === undefined || orderBy.length > 1) {
    const message = 'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column';
    throw new LumaError(SQLSTATE.windowingError, message, { span });
  }
  const { session } = context.environment;
  const { expression } = key;
  const { type } = expression;
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'float64':
      for (const offset of offsets) refuseRounding(offset, type, context);
      return { offsetType: type, orderBy };
    case 'decimal': {
      for (const offset of offsets) refuseRounding(offset, type, context);
      const { type: offsetType } = unify(session, [expression, ...offsets], 'RANGE');
      return { offsetType, orderBy: [{ ...key, expression: castOf(expression, offsetType) }] };
    }
    case 'date':
    case 'timestamp':
      return { offsetType: INTERVAL, orderBy };
    default:
      throw notSupported(`RANGE with an offset for column type ${typeName(type).toLowerCase()}`, { span });
  }
}

/** An offset that would be rounded to the order column's type frames other rows than it says (PostgreSQL: no in_range function). */
function refuseRounding(offset: BoundExpression, type: DataType, context: ExpressionContext): void {
  const whole = offset.type.kind === 'int32' || offset.type.kind === 'int64';
  if (isUntyped(offset) || whole || sameType(offset.type, type)) return;
  if (context.environment.session.catalog.functions.cast(offset.type, type) === 'implicit') return;
  const types = `column type ${typeName(type).toLowerCase()} and offset type ${shownType(offset)}`;
  throw notSupported(`RANGE with an offset for ${types}`, { span: offset.span, hint: 'Cast the column or the offset.' });
}

function bindBound(bound: FrameBound, unit: WindowFrame['unit'], context: ExpressionContext): BoundFrameBound {
  if (bound.type !== 'preceding' && bound.type !== 'following') return { type: bound.type };
  const offset = bindExpression(bound.offset, { ...context, clause: `window ${unit.toUpperCase()}`, attachments: null });
  if (freeColumns(offset).size > 0) {
    const message = `argument of ${unit.toUpperCase()} must not contain variables`;
    throw new LumaError(SQLSTATE.invalidColumnReference, message, { span: offset.span });
  }
  return { type: bound.type, offset };
}
