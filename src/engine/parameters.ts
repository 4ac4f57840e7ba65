import type { Constant, ConstantValue } from '../../planner/expression.ts';
import { castOf, constantOf } from '../../planner/expression-build.ts';
import { evaluateConstant } from '../exec/expression/evaluate.ts';
import { BOOLEAN, type DataType, decimal, FLOAT64, INT64, NULL, TEXT, TIMESTAMPTZ } from '../types/data-type.ts';
import { asLumaError, LumaError, SQLSTATE } from '../types/error.ts';

/** A parameter's value as a program hands it over; text takes any type, as PostgreSQL's text format does. */
export type ParameterInput = null | undefined | boolean | number | bigint | string | Date;

/**
 * Values of `$1`… in the types the plan wants. Throws 08P01 when their number is wrong, and the cast's error, naming the
 * parameter, when a value does not fit.
 */
export function bindParameters(
  types: readonly (DataType | null)[],
  inputs: readonly ParameterInput[],
): readonly { readonly type: DataType; readonly value: ConstantValue }[] {
  if (inputs.length !== types.length) {
    throw new LumaError(
      SQLSTATE.protocolViolation,
      `the query has ${types.length} parameter${types.length === 1 ? '' : 's'}, but ${inputs.length} value${inputs.length === 1 ? ' was' : 's were'} given`,
    );
  }
  return types.map((wanted, position) => {
    const type = wanted ?? TEXT;
    try {
      return { type, value: evaluateConstant(castOf(inputConstant(inputs[position]), type)) };
    } catch (thrown) {
      const error = asLumaError(thrown);
      throw new LumaError(error.code, `parameter $${position + 1}: ${error.message}`, { hint: error.hint, cause: thrown });
    }
  });
}

function inputConstant(input: ParameterInput): Constant {
  if (input === null || input === undefined) return constantOf(null, NULL);
  switch (typeof input) {
    case 'boolean':
      return constantOf(input, BOOLEAN);
    case 'string':
      return constantOf(input, TEXT);
    case 'number':
      return Number.isSafeInteger(input) ? constantOf(BigInt(input), INT64) : constantOf(input, FLOAT64);
    case 'bigint':
      return BigInt.asIntN(64, input) === input ? constantOf(input, INT64) : constantOf(input, decimal(38, 0));
    default:
      return constantOf(BigInt(input.getTime()) * 1000n, TIMESTAMPTZ);
  }
}
