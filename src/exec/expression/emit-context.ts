import type { BoundExpression, ConstantValue } from '../../../planner/expression.ts';
import type { Bounds, EmitContext, Value } from '../../functions/definition.ts';
import type { DataType } from '../../types/data-type.ts';
import { TEXT } from '../../types/data-type.ts';
import type { Span } from '../../types/span.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { Routine } from '../runtime/routine.ts';
import type { ExpressionContext } from './context.ts';
import { newValue, textOf } from './values.ts';

/**
 * What an emitter gets, for a call at `span`. Aggregates are emitted through it too. `arguments_`: the bound arguments,
 * for `constantOf`.
 */
export function emitContextOf(context: ExpressionContext, span: Span, arguments_: readonly BoundExpression[] = []): EmitContext {
  const { f, runtime } = context;
  const constantBytes = (bytes: Uint8Array): Local => context.constant(bytes);
  return {
    f,
    newValue: (type: DataType, bounds: Bounds | null = null) => newValue(f, type, bounds),
    constantBytes,
    textConstant: (text) => textConstant(context, text),
    constantOf: (argument): ConstantValue | undefined => {
      const expression = arguments_[argument];
      return expression?.kind === 'constant' ? expression.value : undefined;
    },
    call: (routine: Routine) => runtime.call(f, routine),
    raise: (code, message, text) => raise(context, span, code, message, text),
    allocateText: (size) => {
      const address = f.local('i32');
      f.get(size);
      context.allocate();
      f.set(address);
      return address;
    },
  };
}

function raise(context: ExpressionContext, span: Span, code: string, message: string, text: Value | undefined): void {
  context.raise({ code, message, span, text: text === undefined ? null : textOf(context.f, text) });
}

/** A constant text laid into the constant area. */
export function textConstant(context: ExpressionContext, text: string): Value {
  const bytes = new TextEncoder().encode(text);
  const length = context.f.local('i32');
  context.f.i32(bytes.length).set(length);
  return { type: TEXT, locals: [context.constant(bytes), length], isNull: null, bounds: null };
}
