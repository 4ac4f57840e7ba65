import type { ArgumentInfo } from '../../../planner/catalog.ts';
import { typeName } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';
import type { Span } from '../../types/span.ts';
import { isUntyped } from './coerce.ts';

/** How a person writes the operators that are functions inside. */
export const OPERATOR: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  power: '^',
  concatenate: '||',
  equal: '=',
  not_equal: '<>',
  less: '<',
  less_equal: '<=',
  greater: '>',
  greater_equal: '>=',
  is_distinct: 'IS DISTINCT FROM',
  is_not_distinct: 'IS NOT DISTINCT FROM',
  negate: '-',
  like: 'LIKE',
  ilike: 'ILIKE',
};

function typeOf(argument: ArgumentInfo): string {
  return isUntyped(argument) ? 'unknown' : typeName(argument.type).toLowerCase();
}

/** As PostgreSQL writes it: `integer + text`, `abs(text)`. */
function signature(name: string, arguments_: readonly ArgumentInfo[]): { readonly what: string; readonly text: string } {
  const operator = OPERATOR[name];
  const types = arguments_.map(typeOf);
  if (operator === undefined) return { what: 'function', text: `${name}(${types.join(', ')})` };
  if (types.length === 1) return { what: 'operator', text: `${operator} ${types[0]}` };
  return { what: 'operator', text: `${types[0]} ${operator} ${types.slice(1).join(', ')}` };
}

/** 42883, for a name that does not exist or takes other arguments. */
export function undefinedFunction(
  name: string,
  arguments_: readonly ArgumentInfo[],
  span: Span,
  known: Iterable<string>,
  exists: boolean,
): LumaError {
  const { what, text } = signature(name, arguments_);
  const message = what === 'operator' ? `operator does not exist: ${text}` : `function ${text} does not exist`;
  const names = [...known].filter((each) => !(each in OPERATOR));
  const hint = exists ? `No ${what} of that name takes these types. A cast may be needed.` : didYouMean(name, names);
  return new LumaError(SQLSTATE.undefinedFunction, message, { span, hint });
}

/** 42725 */
export function ambiguousFunction(name: string, arguments_: readonly ArgumentInfo[], span: Span): LumaError {
  const { what, text } = signature(name, arguments_);
  const message = what === 'operator' ? `operator is not unique: ${text}` : `function ${text} is not unique`;
  return new LumaError(SQLSTATE.ambiguousFunction, message, { span, hint: 'A cast says which types are meant.' });
}
