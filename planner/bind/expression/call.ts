import type { Call } from '../../../grammars/ast/expression.ts';
import { DATE, type DataType, TIMESTAMP, TIMESTAMPTZ } from '../../../src/types/data-type.ts';
import { LumaError, notSupported } from '../../../src/types/error.ts';
import type { BoundExpression, Constant } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { bindAggregate } from './aggregate-call.ts';
import { bindConditional } from './case.ts';
import { callFunction } from './coerce.ts';
import type { ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';
import { bindWindowCall } from './window/call.ts';

/** Functions of the transaction's time: constants while it lasts. */
const TIMES: Readonly<Record<string, DataType>> = {
  now: TIMESTAMPTZ,
  current_timestamp: TIMESTAMPTZ,
  transaction_timestamp: TIMESTAMPTZ,
  localtimestamp: TIMESTAMP,
  current_date: DATE,
};

const NS_PER_US = 1000n;
const NS_PER_DAY = 86_400_000_000_000n;

/** A call: conditional form, time of the transaction, aggregate, window or scalar function. */
export function bindCall(call: Call, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const kinds = session.catalog.functions.kinds(call.name);
  if (call.over !== null) return bindWindowCall(call, call.over, context);
  if (kinds.includes('aggregate')) return bindAggregate(call, context);
  if (kinds.includes('window')) {
    throw new LumaError('42809', `window function ${call.name} requires an OVER clause`, { span: call.span });
  }
  if (kinds.includes('table') && !kinds.includes('scalar')) {
    throw notSupported(`${call.name}() outside FROM`, {
      span: call.span,
      hint: `It gives rows: write SELECT … FROM ${call.name}(…).`,
    });
  }
  const special = bindConditional(call, context) ?? (call.arguments.length === 0 ? timeConstant(call, session.now) : undefined);
  // What nobody has is said to be missing, whatever its form.
  if (special !== undefined || kinds.length > 0) checkScalarForm(call);
  if (special !== undefined) return special;
  const arguments_ = call.arguments.map((argument) => bindExpression(argument, context));
  return callFunction(session, call.name, arguments_, call.span);
}

function timeConstant(call: Call, now: bigint): Constant | undefined {
  const type = Object.hasOwn(TIMES, call.name) ? TIMES[call.name] : undefined;
  if (type === undefined) return undefined;
  const value = type.kind === 'date' ? Number(floorDivide(now, NS_PER_DAY)) : floorDivide(now, NS_PER_US);
  return constantOf(value, type, call.span);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** 42809 for what only aggregates take. */
function checkScalarForm(call: Call): void {
  const form = call.star
    ? '*'
    : call.distinct
      ? 'DISTINCT'
      : call.filter !== null
        ? 'FILTER'
        : call.orderBy.length > 0
          ? 'ORDER BY'
          : '';
  if (form === '') return;
  throw new LumaError('42809', `${form} specified, but ${call.name} is not an aggregate function`, { span: call.span });
}
