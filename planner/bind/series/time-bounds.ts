import { type DateType, type TimestampType, UNIT_DIGITS } from '../../../src/types/data-type.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { callFunction } from '../expression/coerce.ts';
import type { BindSession } from '../session.ts';
import type { TimeRange } from './context.ts';

const MS_PER_DAY = 86_400_000n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Predicates on a time column, in its own unit so that zone maps apply, that keep every row whose time in ms lies in the
 * range. They may keep a few more where the column is finer than ms: the series operators look at ms again.
 */
export function timeBounds(
  time: BoundExpression & { readonly type: TimestampType | DateType },
  range: TimeRange,
  session: BindSession,
  span: Span,
): readonly BoundExpression[] {
  const after = BigInt(Math.floor(range.after));
  const until = BigInt(Math.ceil(range.until));
  const constant = (value: bigint): BoundExpression =>
    constantOf(time.type.kind === 'date' ? Number(value) : clamp(value), time.type, span);
  const compare = (name: string, value: bigint): BoundExpression => callFunction(session, name, [time, constant(value)], span);
  const [multiply, divide] = scaleOf(time.type);
  if (divide > 1n) return [compare('greater', floorDivide(after, divide)), compare('less_equal', floorDivide(until, divide))];
  if (multiply === 1n) return [compare('greater', after), compare('less_equal', until)];
  return [compare('greater', after * multiply), compare('less', (until + 1n) * multiply)];
}

/** Column units per ms, or ms per column unit. */
function scaleOf(type: TimestampType | DateType): readonly [multiply: bigint, divide: bigint] {
  if (type.kind === 'date') return [1n, MS_PER_DAY];
  const digits = UNIT_DIGITS[type.unit] - UNIT_DIGITS.ms;
  return digits >= 0 ? [10n ** BigInt(digits), 1n] : [1n, 10n ** BigInt(-digits)];
}

function clamp(value: bigint): bigint {
  return value < INT64_MIN ? INT64_MIN : value > INT64_MAX ? INT64_MAX : value;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
