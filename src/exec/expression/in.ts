import type { Constant, InConstants } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { searchInt64, searchTexts } from '../runtime/search.ts';
import { pushComparison } from './compare.ts';
import { emitConstant, integerOf } from './constant.ts';
import type { ExpressionContext } from './context.ts';
import { asUnscaled, scaleOf } from './decimal.ts';
import { emitContextOf } from './emit-context.ts';
import { newValue, only, part, pushInt64, textOf } from './values.ts';

/** Up to this many values are compared one by one. */
const CHAIN = 4;
/** Sets of integers whose span is at most this many are a bitmap (8 KiB). */
const BITMAP_SPAN = 65536n;

/** `operand IN (constants)`: NULL when the operand is, or when nothing matches and a NULL is among the constants. */
export function emitIn(context: ExpressionContext, expression: InConstants, operand: Value): Value {
  const { f } = context;
  const values = expression.values.filter((value) => value.value !== null);
  const withNull = values.length < expression.values.length;
  const result = newValue(f, BOOLEAN);
  if (operand.type.kind === 'null') return { ...result, isNull: operand.isNull };
  pushMember(context, expression, operand, values);
  f.set(only(result));
  if (!withNull) return { ...result, isNull: operand.isNull };
  const isNull = f.local('i32');
  f.get(only(result)).op('i32.eqz');
  if (operand.isNull !== null) f.get(operand.isNull).op('i32.or');
  f.set(isNull);
  return { ...result, isNull };
}

/** Pushes 1 when the operand equals one of the values; harmless under a NULL operand. */
function pushMember(context: ExpressionContext, expression: InConstants, operand: Value, values: readonly Constant[]): void {
  const { f } = context;
  if (values.length > CHAIN && operand.type.kind === 'text') {
    const text = textOf(f, operand);
    f.get(part(text, 0)).get(part(text, 1)).get(textTable(context, values));
    context.runtime.call(f, searchTexts);
    return;
  }
  const integers = integerSet(operand, values);
  if (integers !== undefined && values.length > CHAIN) {
    const emit = emitContextOf(context, expression.span);
    const unscaled = operand.type.kind === 'decimal' ? asUnscaled(emit, operand) : operand;
    const wide = f.local('i64');
    pushInt64(f, unscaled);
    f.set(wide);
    pushIntegerMember(context, wide, integers);
    return;
  }
  const emit = emitContextOf(context, expression.span);
  values.forEach((value, i) => {
    pushComparison(emit, 'equal', operand, emitConstant(context, value.type, value.value));
    if (i > 0) f.op('i32.or');
  });
  if (values.length === 0) f.i32(0);
}

/** The values as sorted integers of the operand's scale, when all are and the operand is in one local; ones that it cannot equal are left out. */
function integerSet(operand: Value, values: readonly Constant[]): readonly bigint[] | undefined {
  if (operand.locals.length !== 1 || operand.type.kind === 'float64') return undefined;
  const scale = scaleOf(operand.type);
  const set = new Set<bigint>();
  for (const value of values) {
    const integer = integerOf(value.value);
    if (integer === undefined) return undefined;
    const digits = scale - scaleOf(value.type);
    const factor = 10n ** BigInt(Math.abs(digits));
    const scaled = digits >= 0 ? integer * factor : integer / factor;
    if (digits >= 0 || integer % factor === 0n) if (BigInt.asIntN(64, scaled) === scaled) set.add(scaled);
  }
  return [...set].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function pushIntegerMember(context: ExpressionContext, value: Local, sorted: readonly bigint[]): void {
  const { f } = context;
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined) {
    f.i32(0);
    return;
  }
  const span = greatest - least + 1n;
  if (span > BITMAP_SPAN) {
    f.get(value)
      .get(context.constant(new Uint8Array(BigInt64Array.from(sorted).buffer)))
      .i32(sorted.length);
    context.runtime.call(f, searchInt64);
    return;
  }
  const bitmap = new Uint8Array(Number((span + 7n) / 8n));
  for (const each of sorted) {
    const bit = Number(each - least);
    bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  const offset = f.local('i32');
  const index = f.local('i64');
  f.get(value).i64(least).op('i64.sub').tee(index).i64(span).op('i64.lt_u');
  f.ifElse(
    () => {
      f.get(index).op('i32.wrap_i64').tee(offset).i32(3).op('i32.shr_u').get(context.constant(bitmap)).op('i32.add');
      f.load('i32.load8_u').get(offset).i32(7).op('i32.and').op('i32.shr_u').i32(1).op('i32.and');
    },
    () => f.i32(0),
    'i32',
  );
}

/** For `searchTexts`: count, then per text in byte order its offset from the table's start and its length, then the bytes. */
function textTable(context: ExpressionContext, values: readonly Constant[]): Local {
  const encoder = new TextEncoder();
  const texts = [...new Set(values.map((value) => String(value.value)))].map((text) => encoder.encode(text)).sort(Buffer.compare);
  const head = 4 + texts.length * 8;
  const bytes = new Uint8Array(head + texts.reduce((sum, text) => sum + text.length, 0));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, texts.length, true);
  let at = head;
  texts.forEach((text, i) => {
    view.setInt32(4 + i * 8, at, true);
    view.setInt32(8 + i * 8, text.length, true);
    bytes.set(text, at);
    at += text.length;
  });
  return context.constant(bytes);
}
