import type { EmitContext, Value } from '../../functions/definition.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { compareBytes, equalBytes } from '../runtime/bytes.ts';
import { compareScaled, pushEqual as pushEqual128, pushLess as pushLess128 } from '../runtime/int128.ts';
import { asUnscaled, scaleOf, scaleUp } from './decimal.ts';
import { boundsOf, only, part, textOf, widen, within } from './values.ts';

export type Comparison = 'equal' | 'not_equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';

/** The condition codes of WebAssembly's integer comparisons, signed. */
const SIGNED = {
  equal: 'eq',
  not_equal: 'ne',
  less: 'lt_s',
  less_equal: 'le_s',
  greater: 'gt_s',
  greater_equal: 'ge_s',
} as const;

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  equal: 'equal',
  not_equal: 'not_equal',
  less: 'greater',
  less_equal: 'greater_equal',
  greater: 'less',
  greater_equal: 'less_equal',
};

/**
 * Leaves an i32 on the stack: 1 when `a operator b`, else 0. Both are of one kind of type (decimals may differ in scale,
 * timestamps not in unit) and taken as not NULL. Orders are PostgreSQL's: NaN equals itself and is the greatest float64;
 * text by code point; false before true; intervals by 30-day months and 24-hour days. Never raises.
 */
export function pushComparison(context: EmitContext, operator: Comparison, a: Value, b: Value): void {
  const { f } = context;
  switch (a.type.kind) {
    case 'boolean':
    case 'int32':
    case 'date':
      f.get(only(a)).get(only(b)).op(`i32.${SIGNED[operator]}`);
      return;
    case 'int64':
    case 'timestamp':
      f.get(only(a)).get(only(b)).op(`i64.${SIGNED[operator]}`);
      return;
    case 'decimal':
      pushDecimal(context, operator, a, b);
      return;
    case 'float64':
      pushFloat(context, operator, a, b);
      return;
    case 'text':
      pushText(context, operator, a, b);
      return;
    case 'interval':
      pushInterval(context, operator, a, b);
      return;
    case 'null':
      f.i32(0);
  }
}

/** Leaves −1, 0 or 1 as an i32 on the stack: the order of `a` and `b`, as `pushComparison` has it. */
export function pushOrder(context: EmitContext, a: Value, b: Value): void {
  const { f } = context;
  if (a.type.kind === 'text') {
    pushTextOrder(context, a, b);
    return;
  }
  pushComparison(context, 'greater', a, b);
  pushComparison(context, 'less', a, b);
  f.op('i32.sub');
}

/** Leaves 1 when the values are equal or both NULL. */
export function pushNotDistinct(context: EmitContext, a: Value, b: Value): void {
  const { f } = context;
  if (a.isNull === null && b.isNull === null) {
    pushComparison(context, 'equal', a, b);
    return;
  }
  const pushNull = (value: Value): void => void (value.isNull === null ? f.i32(0) : f.get(value.isNull));
  pushNull(a);
  pushNull(b);
  f.op('i32.eq');
  pushNull(a);
  if (a.type.kind === 'null') f.i32(1);
  else pushComparison(context, 'equal', a, b);
  f.op('i32.or').op('i32.and');
}

/**
 * Aligning the scales may overflow even int128, so beyond it BigInt compares. Bounds decide how wide the comparison is,
 * almost always 64 bits.
 */
function pushDecimal(context: EmitContext, operator: Comparison, a: Value, b: Value): void {
  const { f } = context;
  const scale = Math.max(scaleOf(a.type), scaleOf(b.type));
  if (!alignable(a, scale) || !alignable(b, scale)) {
    for (const value of [a, b]) {
      const [low, high] = widen(f, value);
      f.get(low)
        .get(high)
        .i32(scale - scaleOf(value.type));
    }
    context.call(compareScaled);
    f.i32(0).op(`i32.${SIGNED[operator]}`);
    return;
  }
  const left = scaleUp(context, asUnscaled(context, a), scale - scaleOf(a.type));
  const right = scaleUp(context, asUnscaled(context, b), scale - scaleOf(b.type));
  if (left.locals.length === 1 && right.locals.length === 1) {
    f.get(only(left)).get(only(right)).op(`i64.${SIGNED[operator]}`);
    return;
  }
  const [aLow, aHigh] = widen(f, left);
  const [bLow, bHigh] = widen(f, right);
  if (operator === 'equal' || operator === 'not_equal') pushEqual128(f, aLow, aHigh, bLow, bHigh);
  else if (operator === 'less' || operator === 'greater_equal') pushLess128(f, aLow, aHigh, bLow, bHigh);
  else pushLess128(f, bLow, bHigh, aLow, aHigh);
  if (operator === 'not_equal' || operator === 'greater_equal' || operator === 'less_equal') f.op('i32.eqz');
}

const INT128 = { min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n };

function alignable(value: Value, scale: number): boolean {
  const factor = 10n ** BigInt(scale - scaleOf(value.type));
  const bounds = boundsOf(value);
  return factor === 1n || within({ min: bounds.min * factor, max: bounds.max * factor }, INT128);
}

/** A value with a range is no NaN, which makes the comparison one instruction where the other's NaN would answer right. */
function pushFloat(context: EmitContext, operator: Comparison, a: Value, b: Value): void {
  const { f } = context;
  const [x, y] = [only(a), only(b)];
  const [aNumber, bNumber] = [a.range !== undefined, b.range !== undefined];
  switch (operator) {
    case 'equal':
    case 'not_equal':
      f.get(x).get(y).op('f64.eq');
      if (!aNumber && !bNumber) f.get(x).get(x).op('f64.ne').get(y).get(y).op('f64.ne').op('i32.and').op('i32.or');
      if (operator === 'not_equal') f.op('i32.eqz');
      return;
    case 'less':
    case 'greater_equal':
      if (bNumber) {
        f.get(x).get(y).op('f64.lt');
        if (operator === 'greater_equal') f.op('i32.eqz');
        return;
      }
      // a < b, or only b is NaN
      f.get(x).get(y).op('f64.ge');
      if (!aNumber) f.get(x).get(x).op('f64.ne').op('i32.or');
      if (operator === 'less') f.op('i32.eqz');
      return;
    case 'greater':
    case 'less_equal':
      pushFloat(context, MIRRORED[operator], b, a);
  }
}

/** Equal codes of one dictionary are equal texts, and only they. */
function pushText(context: EmitContext, operator: Comparison, a: Value, b: Value): void {
  const { f } = context;
  if (operator === 'equal' || operator === 'not_equal') {
    const [x, y] = [a.dictionary, b.dictionary];
    if (x !== undefined && y !== undefined && x.dictionary.key === y.dictionary.key) {
      f.get(x.code)
        .get(y.code)
        .op(operator === 'equal' ? 'i32.eq' : 'i32.ne');
      return;
    }
    const left = textOf(f, a);
    const right = textOf(f, b);
    f.get(part(left, 1)).get(part(right, 1)).op('i32.eq');
    f.ifElse(
      () => {
        f.get(part(left, 0)).get(part(right, 0)).get(part(left, 1));
        context.call(equalBytes);
      },
      () => f.i32(0),
      'i32',
    );
    if (operator === 'not_equal') f.op('i32.eqz');
    return;
  }
  pushTextOrder(context, a, b);
  f.i32(0).op(`i32.${SIGNED[operator]}`);
}

function pushTextOrder(context: EmitContext, a: Value, b: Value): void {
  const { f } = context;
  const left = textOf(f, a);
  const right = textOf(f, b);
  f.get(part(left, 0)).get(part(left, 1)).get(part(right, 0)).get(part(right, 1));
  context.call(compareBytes);
}

const DAY = 86_400_000_000_000n;

/** As PostgreSQL's interval_cmp_value: days of 24 hours, months of 30 days; whole days first, then the rest. */
function pushInterval(context: EmitContext, operator: Comparison, a: Value, b: Value): void {
  const { f } = context;
  const [aDays, aRest] = intervalSpan(context, a);
  const [bDays, bRest] = intervalSpan(context, b);
  f.get(aRest).get(bRest).op(`i64.${SIGNED[operator]}`);
  f.get(aDays).get(bDays).op(`i64.${SIGNED[operator]}`);
  f.get(aDays).get(bDays).op('i64.eq').op('select');
}

/** Days and the nanoseconds within the day, in i64 locals: equal exactly when the intervals are. */
export function intervalSpan({ f }: EmitContext, value: Value): readonly [days: Local, nanoseconds: Local] {
  const days = f.local('i64');
  const rest = f.local('i64');
  const nanoseconds = part(value, 2);
  f.get(nanoseconds).i64(DAY).op('i64.rem_s').set(rest);
  f.get(part(value, 0)).op('i64.extend_i32_s').i64(30n).op('i64.mul');
  f.get(part(value, 1)).op('i64.extend_i32_s').op('i64.add');
  f.get(nanoseconds).i64(DAY).op('i64.div_s').op('i64.add');
  f.get(rest).i64(63n).op('i64.shr_s').op('i64.add').set(days);
  f.get(rest).get(rest).i64(63n).op('i64.shr_s').i64(DAY).op('i64.and').op('i64.add').set(rest);
  return [days, rest];
}
