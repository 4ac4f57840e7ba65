import { only, part, textOf } from '../../exec/expression/values.ts';
import type { Routine } from '../../exec/runtime/routine.ts';
import { callText, pushParts } from '../../exec/runtime/text.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { EmitContext, Emitter, Value } from '../definition.ts';

/** Emitters that many functions share. */

export function argument(arguments_: readonly Value[], position: number): Value {
  const value = arguments_[position];
  if (value === undefined) throw new RangeError(`the function has no argument ${position}`);
  return value;
}

/** Address and length of a text argument. */
export function textParts(context: EmitContext, value: Value): readonly [address: Local, length: Local] {
  const text = textOf(context.f, value);
  return [part(text, 0), part(text, 1)];
}

/** The routine's text over all parts of all arguments. */
export function byTextRoutine(
  routine: Routine,
  onFailure?: (context: EmitContext, arguments_: readonly Value[]) => void,
): Emitter {
  return (context, arguments_) => {
    pushParts(context, arguments_);
    return callText(context, routine, onFailure === undefined ? undefined : () => onFailure(context, arguments_));
  };
}

/** The routine's one result over all parts of all arguments. */
export function byRoutine(routine: Routine): Emitter {
  return (context, arguments_, returns) => {
    const result = context.newValue(returns);
    pushParts(context, arguments_);
    context.call(routine);
    context.f.set(only(result));
    return result;
  };
}

/** What `push` leaves on the stack, over the first local of each argument. */
export function byInstructions(push: (context: EmitContext, ...locals: Local[]) => void): Emitter {
  return (context, arguments_, returns) => {
    const result = context.newValue(returns);
    push(context, ...arguments_.map(only));
    context.f.set(only(result));
    return result;
  };
}

export const firstType = ([type]: readonly DataType[]): DataType | undefined => type;
