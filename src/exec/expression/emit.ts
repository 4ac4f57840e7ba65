import type { BoundExpression, CaseExpression, Coalesce, IsNull, Logical, Not, ScalarCall } from '../../../planner/expression.ts';
import { expressionKey, isVolatile } from '../../../planner/expression-visit.ts';
import type { Bounds, Value } from '../../functions/definition.ts';
import { scalarDefinition } from '../../functions/lookup.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import type { Label } from '../../wasm/function-builder.ts';
import { isCheap, isLeaf } from './analysis.ts';
import { emitCast } from './cast/cast.ts';
import { emitConstant } from './constant.ts';
import type { ExpressionContext } from './context.ts';
import { emitThroughDictionary } from './dictionary.ts';
import { emitContextOf } from './emit-context.ts';
import { emitIn } from './in.ts';
import { anyNull, assign, localTypes, newValue, only, pushIsNull, typeBounds, unite } from './values.ts';

/**
 * The compiler of expressions: from a bound expression to instructions and the locals its value is in.
 *
 * Invariant: a value in the context's cache is valid wherever the code that asks for it stands, because whatever is
 * emitted inside a branch goes into the branch's own cache.
 */
export function emitExpression(context: ExpressionContext, expression: BoundExpression): Value {
  if (isLeaf(expression)) return emitUncached(context, expression);
  const key = expressionKey(expression);
  const known = context.cache.get(key);
  if (known !== undefined) return known;
  const value = emitThroughDictionary(context, expression) ?? emitUncached(context, expression);
  if (!isVolatile(expression)) context.cache.set(key, value);
  return value;
}

function emitUncached(context: ExpressionContext, expression: BoundExpression): Value {
  switch (expression.kind) {
    case 'constant':
      return emitConstant(context, expression.type, expression.value);
    case 'column':
      return context.column(expression.id);
    case 'parameter':
      return context.parameter(expression.index, expression.type);
    case 'call':
      return emitCall(context, expression);
    case 'and':
    case 'or':
      return emitLogical(context, expression);
    case 'not':
      return emitNot(context, expression);
    case 'is_null':
      return emitIsNull(context, expression);
    case 'case':
      return emitCase(context, expression);
    case 'coalesce':
      return emitCoalesce(context, expression);
    case 'cast':
      return emitCast(
        emitContextOf(context, expression.span, [expression.operand]),
        emitExpression(context, expression.operand),
        expression.type,
      );
    case 'in':
      return emitIn(context, expression, emitExpression(context, expression.operand));
  }
}

/** Leaves an i32 on the stack: 1 when the condition is true, 0 when it is false or NULL. */
export function emitCondition(context: ExpressionContext, expression: BoundExpression): void {
  const { f } = context;
  if (expression.kind === 'and' || expression.kind === 'or') {
    if (context.cache.get(expressionKey(expression)) === undefined) {
      emitConditions(context, expression.kind, expression.operands);
      return;
    }
  }
  if (expression.kind === 'constant') {
    f.i32(expression.value === true ? 1 : 0);
    return;
  }
  const value = emitExpression(context, expression);
  if (value.type.kind === 'null') {
    f.i32(0);
    return;
  }
  if (value.isNull === null) f.get(only(value));
  else f.i32(0).get(only(value)).get(value.isNull).select();
}

/** Operands that are cheap are combined without branches; a costly or failing one runs only when the ones before leave it open. */
function emitConditions(context: ExpressionContext, kind: 'and' | 'or', operands: readonly BoundExpression[]): void {
  const { f } = context;
  const decided = kind === 'and' ? 0 : 1;
  const emitFrom = (inner: ExpressionContext, start: number): void => {
    const [first, ...rest] = operands.slice(start);
    if (first === undefined) return;
    emitCondition(inner, first);
    let position = start + 1;
    for (const operand of rest) {
      if (!isCheap(operand)) {
        const next = position;
        const open = (): void => emitFrom(inner.branch(), next);
        const closed = (): void => void f.i32(decided);
        if (kind === 'and') f.ifElse(open, closed, 'i32');
        else f.ifElse(closed, open, 'i32');
        return;
      }
      emitCondition(inner, operand);
      f.op(kind === 'and' ? 'i32.and' : 'i32.or');
      position++;
    }
  };
  emitFrom(context, 0);
}

/** Arguments first, each once; the function's own code runs under a branch when an argument is NULL and it is not total. */
function emitCall(context: ExpressionContext, call: ScalarCall): Value {
  const overload = scalarDefinition(call.function);
  const { f } = context;
  const arguments_ = call.arguments.map((argument) => emitExpression(context, argument));
  const emitContext = emitContextOf(context, call.span, call.arguments);
  if (call.function.nulls === 'called') return overload.emit(emitContext, arguments_, call.type);
  const isNull = anyNull(f, arguments_);
  const total = typeof overload.total === 'function' ? overload.total(arguments_, call.type) : overload.total === true;
  if (isNull === null || total) {
    const result = overload.emit(emitContext, arguments_, call.type);
    return { ...result, isNull: anyNull(f, [result, { ...result, isNull }]) };
  }
  let result: Value | undefined;
  f.get(isNull).op('i32.eqz');
  f.ifThen(() => {
    const inner = emitContextOf(context.branch(), call.span, call.arguments);
    result = overload.emit(inner, arguments_, call.type);
  });
  if (result === undefined) throw new RangeError('an emitter gave no value');
  return { ...result, isNull: anyNull(f, [{ ...result, isNull }, result]) };
}

/**
 * Three-valued logic on pairs. For AND the running local is "not false", for OR "true"; `unknown` is set when some operand
 * was NULL. The result is NULL where unknown and nothing decided.
 */
function emitLogical(context: ExpressionContext, logical: Logical): Value {
  const { f } = context;
  const and = logical.kind === 'and';
  const result = newValue(f, BOOLEAN);
  const open = only(result);
  const unknown = logical.operands.some((operand) => operand.nullable) ? f.local('i32') : null;
  const fold = (inner: ExpressionContext, operand: BoundExpression, first: boolean): void => {
    const value = emitExpression(inner, operand);
    const local = value.type.kind === 'null' ? null : only(value);
    if (local === null) f.i32(and ? 1 : 0);
    else if (value.isNull === null) f.get(local);
    else if (and) f.get(local).get(value.isNull).op('i32.or');
    else f.get(local).get(value.isNull).i32(1).op('i32.xor').op('i32.and');
    if (!first) f.get(open).op(and ? 'i32.and' : 'i32.or');
    f.set(open);
    if (unknown === null) return;
    pushIsNull(f, value);
    if (!first) f.get(unknown).op('i32.or');
    f.set(unknown);
  };
  const foldFrom = (inner: ExpressionContext, start: number): void => {
    for (let i = start; i < logical.operands.length; i++) {
      const operand = logical.operands[i];
      if (operand === undefined) return;
      if (i > 0 && i > start && !isCheap(operand)) {
        const next = i;
        f.get(open);
        if (!and) f.op('i32.eqz');
        f.ifThen(() => foldFrom(inner.branch(), next));
        return;
      }
      fold(inner, operand, i === 0);
    }
  };
  foldFrom(context, 0);
  if (unknown === null) return result;
  const isNull = f.local('i32');
  f.get(unknown).get(open);
  if (!and) f.i32(1).op('i32.xor');
  f.op('i32.and').set(isNull);
  return { ...result, isNull };
}

function emitNot(context: ExpressionContext, not: Not): Value {
  const operand = emitExpression(context, not.operand);
  if (operand.type.kind === 'null') return { ...newValue(context.f, BOOLEAN), isNull: operand.isNull };
  const result = newValue(context.f, BOOLEAN);
  context.f.get(only(operand)).op('i32.eqz').set(only(result));
  return { ...result, isNull: operand.isNull };
}

function emitIsNull(context: ExpressionContext, isNull: IsNull): Value {
  const operand = emitExpression(context, isNull.operand);
  const result = newValue(context.f, BOOLEAN);
  pushIsNull(context.f, operand);
  context.f.set(only(result));
  return result;
}

/** Collects values of branches, of which one runs, into one value. */
class Merge {
  readonly #context: ExpressionContext;
  readonly #type: DataType;
  readonly #target: Value;
  #bounds: Bounds | null | undefined;

  constructor(context: ExpressionContext, type: DataType, nullable: boolean) {
    this.#context = context;
    this.#type = type;
    const locals = localTypes(type).map((each) => context.f.local(each));
    this.#target = { type, locals, isNull: nullable ? context.f.local('i32') : null, bounds: null };
  }

  /** Emits the copy of a branch's value, inside the branch. */
  add(value: Value): void {
    const { f } = this.#context;
    if (this.#target.isNull !== null) {
      pushIsNull(f, value);
      f.set(this.#target.isNull);
    }
    if (value.type.kind === 'null') return;
    assign(f, this.#target, value);
    const bounds = value.bounds ?? typeBounds(this.#type);
    if (bounds === null || this.#bounds === undefined) this.#bounds = bounds;
    else if (this.#bounds !== null) this.#bounds = unite(this.#bounds, bounds);
  }

  /** The merged value; a wide decimal whose bounds turned out narrow keeps only its low half. */
  finish(): Value {
    const bounds = this.#bounds ?? null;
    const count = localTypes(this.#type, bounds).length;
    return { ...this.#target, locals: this.#target.locals.slice(0, count), bounds };
  }
}

/** Branches are lazy: a WHEN runs when those before it failed, a THEN when its WHEN is true. */
function emitCase(context: ExpressionContext, case_: CaseExpression): Value {
  const { f } = context;
  const merge = new Merge(context, case_.type, case_.nullable);
  const emitFrom = (inner: ExpressionContext, position: number): void => {
    const branch = case_.branches[position];
    if (branch === undefined) {
      merge.add(emitExpression(inner, case_.otherwise));
      return;
    }
    emitCondition(inner, branch.when);
    f.ifElse(
      () => merge.add(emitExpression(inner.branch(), branch.then)),
      () => emitFrom(inner.branch(), position + 1),
    );
  };
  emitFrom(context, 0);
  return merge.finish();
}

function emitCoalesce(context: ExpressionContext, coalesce: Coalesce): Value {
  const { f } = context;
  const merge = new Merge(context, coalesce.type, coalesce.nullable);
  const emitFrom = (inner: ExpressionContext, position: number, end: Label): void => {
    const operand = coalesce.operands[position];
    if (operand === undefined) return;
    const value = emitExpression(inner, operand);
    merge.add(value);
    if (value.isNull === null) return;
    f.get(value.isNull).op('i32.eqz').brIf(end);
    emitFrom(inner.branch(), position + 1, end);
  };
  f.block((end) => emitFrom(context.branch(), 0, end));
  return merge.finish();
}
