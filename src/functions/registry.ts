import type { ArgumentInfo, FunctionCatalog, FunctionKind } from '../../planner/catalog.ts';
import type { AggregateFunction, ScalarFunction } from '../../planner/expression.ts';
import { castContext } from '../exec/expression/cast/rules.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import { didYouMean } from '../types/nearest.ts';
import type { Span } from '../types/span.ts';
import { aggregateDefinitions } from './aggregate/all.ts';
import { refuse } from './refused.ts';
import { commonType } from './resolve/coerce.ts';
import { ambiguousFunction, undefinedFunction } from './resolve/errors.ts';
import { type Overload, type Resolved, resolve } from './resolve/resolve.ts';
import { scalarDefinitions } from './scalar/all.ts';
import { seriesFunctions } from './series/all.ts';
import { tableDefinitions } from './table/all.ts';
import { windowDefinitions } from './window/all.ts';

/** Every function that LumaDB has, as the planner asks for them. */
export const functionCatalog: FunctionCatalog = {
  kinds,
  scalar,
  aggregate,
  window,
  table,
  commonType,
  cast: castContext,
  series,
};

function kinds(name: string): readonly FunctionKind[] {
  const found: FunctionKind[] = [];
  if (scalarDefinitions.has(name)) found.push('scalar');
  if (aggregateDefinitions.has(name)) found.push('aggregate', 'window');
  if (windowDefinitions.has(name)) found.push('window');
  if (tableDefinitions.has(name)) found.push('table');
  return found;
}

/** The overload that fits, or the error that says why none does. */
function choose<T extends Overload>(
  name: string,
  definitions: ReadonlyMap<string, { readonly overloads: readonly T[] }>,
  arguments_: readonly ArgumentInfo[],
  span: Span,
): Resolved<T> {
  refuse(name, span);
  const definition = definitions.get(name);
  const resolved = definition === undefined ? 'none' : resolve(definition.overloads, arguments_);
  if (resolved === 'none') throw undefinedFunction(name, arguments_, span, definitions.keys(), definition !== undefined);
  if (resolved === 'ambiguous') throw ambiguousFunction(name, arguments_, span);
  return resolved;
}

function scalar(name: string, arguments_: readonly ArgumentInfo[], span: Span): ScalarFunction {
  const { overload, argumentTypes, returnType } = choose(name, scalarDefinitions, arguments_, span);
  return {
    name,
    argumentTypes,
    returnType,
    nulls: overload.nulls ?? 'strict',
    mayReturnNull: overload.mayReturnNull ?? false,
    volatility: overload.volatility ?? 'immutable',
  };
}

function aggregate(name: string, arguments_: readonly ArgumentInfo[], span: Span): AggregateFunction {
  const { overload, argumentTypes, returnType } = choose(name, aggregateDefinitions, arguments_, span);
  return { name, argumentTypes, returnType, nullOnEmpty: overload.nullOnEmpty };
}

/** Pure window functions first, then aggregates over a frame. */
function window(name: string, arguments_: readonly ArgumentInfo[], span: Span): ReturnType<FunctionCatalog['window']> {
  const definition = windowDefinitions.get(name);
  if (definition === undefined) {
    if (!aggregateDefinitions.has(name)) throw undefinedFunction(name, arguments_, span, windowDefinitions.keys(), false);
    return aggregate(name, arguments_, span);
  }
  const resolved = definition.resolve(arguments_);
  if (resolved === undefined) throw undefinedFunction(name, arguments_, span, windowDefinitions.keys(), true);
  return { name, argumentTypes: resolved.argumentTypes, returnType: resolved.returns };
}

function table(name: string, arguments_: readonly ArgumentInfo[], span: Span): ReturnType<FunctionCatalog['table']> {
  const definition = tableDefinitions.get(name);
  const resolved = definition?.resolve(arguments_);
  if (resolved === undefined) throw undefinedFunction(name, arguments_, span, tableDefinitions.keys(), definition !== undefined);
  return { name, ...resolved };
}

function series(name: string, span: Span): ReturnType<FunctionCatalog['series']> {
  const info = seriesFunctions.get(name);
  if (info !== undefined) return info;
  const hint = didYouMean(name, seriesFunctions.keys());
  throw new LumaError(SQLSTATE.undefinedFunction, `unknown function with name "${name}"`, { span, hint });
}
