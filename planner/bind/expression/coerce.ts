import {
  BOOLEAN,
  type DataType,
  NULL,
  OPEN_DECIMAL,
  sameType,
  TEXT,
  timestamp,
  typeName,
  UNIT_DIGITS,
} from '../../../src/types/data-type.ts';
import { asLumaError, LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { ArgumentInfo } from '../../catalog.ts';
import type { BoundExpression, Constant, ParameterRef, ScalarFunction } from '../../expression.ts';
import { callOf, castOf, constantOf } from '../../expression-build.ts';
import { inconsistentParameter } from '../parameters.ts';
import type { BindSession } from '../session.ts';
import { decimalConstant } from './literal.ts';

/**
 * Invariant: while binding, an expression has type NULL exactly when nothing has typed it yet: a bare NULL, a quoted
 * string (a constant of type NULL whose value is the text), or a parameter. `coerce` gives it the type its place wants.
 */

export function isUntyped(expression: BoundExpression): expression is Constant | ParameterRef {
  return expression.type.kind === 'null' && (expression.kind === 'constant' || expression.kind === 'parameter');
}

/** A quoted string before its type is known. */
export function untypedText(value: string, span: Span): Constant {
  return constantOf(value, NULL, span);
}

export function argumentInfo(expression: BoundExpression): ArgumentInfo {
  if (!isUntyped(expression)) return { type: expression.type, untyped: false };
  const text = expression.kind === 'constant' && typeof expression.value === 'string';
  return { type: text ? TEXT : NULL, untyped: true };
}

/** The type as messages print it. */
export function shownType(expression: BoundExpression): string {
  return isUntyped(expression) ? 'unknown' : typeName(expression.type).toLowerCase();
}

/** The value of a constant expression; its error stands at `span`. */
export function evaluateConstant(session: BindSession, expression: BoundExpression, span: Span = expression.span): Constant {
  if (expression.kind === 'constant') return expression;
  try {
    return constantOf(session.catalog.evaluate(expression), expression.type, span);
  } catch (thrown) {
    throw asLumaError(thrown).at(span);
  }
}

/** The expression in a type that its place wants. A quoted string is converted here and now, with its error at its span. */
export function coerce(session: BindSession, expression: BoundExpression, type: DataType): BoundExpression {
  if (!isUntyped(expression)) return type.kind === 'null' ? expression : castOf(expression, type);
  if (expression.kind === 'parameter') return coerceParameter(session, expression, type);
  if (expression.value === null) return { ...expression, type };
  const text = { ...expression, type: TEXT };
  return type.kind === 'null' ? text : evaluateConstant(session, castOf(text, type), expression.span);
}

function coerceParameter(session: BindSession, parameter: ParameterRef, type: DataType): BoundExpression {
  if (type.kind === 'null') return session.parameters.leaveOpen(parameter);
  const typed = session.parameters.resolve(parameter, type);
  if (sameType(typed.type, type)) return typed;
  if (session.catalog.functions.cast(typed.type, type) !== 'implicit') throw inconsistentParameter(typed, type);
  return castOf(typed, type);
}

/** A parameter bound before another place typed it gets that type. */
function refresh(session: BindSession, expression: BoundExpression): BoundExpression {
  if (expression.kind !== 'parameter' || expression.type.kind !== 'null') return expression;
  return session.parameters.reference(expression.index, expression.span);
}

/** What nothing has typed becomes text, as in a select list (PostgreSQL, 10.6). */
export function settle(session: BindSession, expression: BoundExpression): BoundExpression {
  return isUntyped(expression) ? coerce(session, expression, TEXT) : expression;
}

/** 42804 unless it is boolean or can become so: `argument of WHERE must be type boolean`. */
export function coerceBoolean(session: BindSession, expression: BoundExpression, what: string): BoundExpression {
  if (isUntyped(expression)) return coerce(session, expression, BOOLEAN);
  if (expression.type.kind === 'boolean') return expression;
  throw new LumaError(SQLSTATE.datatypeMismatch, `argument of ${what} must be type boolean, not type ${shownType(expression)}`, {
    span: expression.span,
  });
}

/** A call of a registered function, its overload resolved and its arguments cast. */
export function callFunction(
  session: BindSession,
  name: string,
  arguments_: readonly BoundExpression[],
  span: Span,
): BoundExpression {
  const resolve = (given: readonly ArgumentInfo[]): ScalarFunction => session.catalog.functions.scalar(name, given, span);
  const { resolved, coerced } = resolveCall(session, arguments_, resolve);
  return callOf(resolved, coerced, span);
}

/** What `resolve` finds for the arguments, and the arguments in the types it takes, no digit of a quoted number lost. */
export function resolveCall<Resolved extends { readonly argumentTypes: readonly DataType[] }>(
  session: BindSession,
  arguments_: readonly BoundExpression[],
  resolve: (given: readonly ArgumentInfo[]) => Resolved,
): { readonly resolved: Resolved; readonly coerced: readonly BoundExpression[] } {
  const given = arguments_.map((argument) => refresh(session, argument));
  const first = resolve(given.map(argumentInfo));
  const exact = given.map((argument, position) => keepDigits(session, argument, typeAt(first.argumentTypes, position)));
  const same = exact.every((argument, position) => argument === given[position]);
  const resolved = same ? first : resolve(exact.map(argumentInfo));
  const coerced = exact.map((argument, position) => coerce(session, argument, typeAt(resolved.argumentTypes, position)));
  return { resolved, coerced };
}

function typeAt(types: readonly DataType[], position: number): DataType {
  return types[position] ?? types.at(-1) ?? NULL;
}

/** Expressions in one type, as CASE, UNION, VALUES and IN need it (PostgreSQL, 10.5); 42804 when there is none. */
export function unify(
  session: BindSession,
  expressions: readonly BoundExpression[],
  what: string,
): { readonly type: DataType; readonly expressions: readonly BoundExpression[] } {
  const commonType = (given: readonly BoundExpression[]): DataType => {
    const common = session.catalog.functions.commonType(given.map(argumentInfo));
    if (common === undefined) throw unmatchable(session, given, what);
    return common.kind === 'null' ? TEXT : common;
  };
  const known = expressions.map((each) => refresh(session, each));
  const first = commonType(known);
  const exact = known.map((each) => keepDigits(session, each, first));
  const type = commonType(exact);
  return { type, expressions: exact.map((each) => coerce(session, each, type)) };
}

function unmatchable(session: BindSession, expressions: readonly BoundExpression[], what: string): LumaError {
  const typed = expressions.filter((each) => !isUntyped(each));
  const position = typed.findIndex(
    (_, index) => session.catalog.functions.commonType(typed.slice(0, index + 1).map(argumentInfo)) === undefined,
  );
  const other = typed[position] ?? typed[0];
  const types = [typed[0], other].map((each) => (each === undefined ? 'unknown' : shownType(each))).join(' and ');
  return new LumaError(SQLSTATE.datatypeMismatch, `${what} types ${types} cannot be matched`, { span: other?.span });
}

/**
 * A quoted number where a decimal is wanted gets the type of its own digits, and a quoted time that a coarse unit would
 * round the type of microseconds: with `price DECIMAL(15, 2)`, `price > '0.055'` compares with 0.055, as in PostgreSQL,
 * whose numeric has no scale there. A parameter, whose value is not known yet, gets a type for any digits.
 */
function keepDigits(session: BindSession, expression: BoundExpression, wanted: DataType): BoundExpression {
  if (!isUntyped(expression)) return expression;
  const coarse = wanted.kind === 'timestamp' && UNIT_DIGITS[wanted.unit] < UNIT_DIGITS.us;
  if (expression.kind === 'parameter') {
    if (wanted.kind === 'decimal') return session.parameters.resolve(expression, OPEN_DECIMAL);
    return coarse ? session.parameters.resolve(expression, timestamp('us', wanted.zoned)) : expression;
  }
  if (typeof expression.value !== 'string') return expression;
  if (wanted.kind === 'decimal') return decimalConstant(expression.value.trim(), expression.span) ?? expression;
  if (!coarse) return expression;
  const finer = evaluateConstant(session, castOf({ ...expression, type: TEXT }, timestamp('us', wanted.zoned)), expression.span);
  const factor = 10n ** BigInt(UNIT_DIGITS.us - UNIT_DIGITS[wanted.unit]);
  return typeof finer.value === 'bigint' && finer.value % factor !== 0n ? finer : expression;
}
