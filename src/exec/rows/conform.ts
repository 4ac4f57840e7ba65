import type { Value } from '../../functions/definition.ts';
import type { FunctionBuilder } from '../../wasm/function-builder.ts';
import { localTypes, newValue, only, textOf, widen } from '../expression/values.ts';
import type { FieldShape } from './layout.ts';

/** The value in the representation of a shape that can hold it: decoded, widened, made nullable where the shape is. */
export function conform(f: FunctionBuilder, value: Value, shape: FieldShape): Value {
  const { dictionary: _code, ...plain } = value;
  const represented = { ...plain, ...represent(f, value, shape), type: shape.type, bounds: shape.bounds };
  return shape.nullable && value.isNull === null ? { ...represented, isNull: f.local('i32') } : represented;
}

function represent(f: FunctionBuilder, value: Value, shape: FieldShape): Pick<Value, 'locals' | 'dictionary'> {
  if (shape.dictionary !== null && value.dictionary !== undefined) {
    return { locals: [], dictionary: { code: value.dictionary.code, dictionary: shape.dictionary } };
  }
  if (value.type.kind === 'null' && shape.type.kind !== 'null') return { locals: newValue(f, shape.type, shape.bounds).locals };
  if (shape.type.kind === 'text') return { locals: textOf(f, value).locals };
  if (shape.type.kind !== 'decimal') return { locals: value.locals };
  return { locals: localTypes(shape.type, shape.bounds).length === 2 ? widen(f, value) : [only(value)] };
}
