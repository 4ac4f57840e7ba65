import type { AggregateFunction, ScalarFunction } from '../../planner/expression.ts';
import type { DataType } from '../types/data-type.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import { aggregateDefinitions } from './aggregate/all.ts';
import type { AggregateOverload, ScalarOverload, TypePattern } from './definition.ts';
import { scalarDefinitions } from './scalar/all.ts';

/** From a resolved function back to its registration, for the executor. */

/** The registration that a resolved scalar function came from. */
export function scalarDefinition(function_: ScalarFunction): ScalarOverload {
  return find('scalar', scalarDefinitions.get(function_.name)?.overloads, function_);
}

/** The registration that a resolved aggregate function came from. */
export function aggregateDefinition(function_: AggregateFunction): AggregateOverload {
  return find('aggregate', aggregateDefinitions.get(function_.name)?.overloads, function_);
}

interface Overload {
  readonly arguments: readonly TypePattern[];
  readonly variadic?: boolean;
  readonly returns: (arguments_: readonly DataType[]) => DataType | undefined;
}

/** The overload whose patterns the argument types match without any conversion: at most one does. */
function find<T extends Overload>(
  what: string,
  overloads: readonly T[] | undefined,
  function_: { readonly name: string; readonly argumentTypes: readonly DataType[] },
): T {
  const found = overloads?.find((overload) => matchesExactly(overload, function_.argumentTypes));
  if (found === undefined) throw new LumaError(SQLSTATE.internalError, `no ${what} function ${function_.name} is registered`);
  return found;
}

function matchesExactly(overload: Overload, types: readonly DataType[]): boolean {
  if (overload.variadic === true ? types.length < overload.arguments.length - 1 : types.length !== overload.arguments.length) {
    return false;
  }
  const matches = types.every((type, position) => {
    const pattern = overload.arguments[Math.min(position, overload.arguments.length - 1)];
    if (pattern === undefined) return false;
    if (pattern === 'any') return true;
    if (pattern === 'textual') return type.kind === 'text';
    if (typeof pattern === 'string') return pattern === type.kind;
    return types[pattern.sameAs]?.kind === type.kind;
  });
  return matches && overload.returns(types) !== undefined;
}
