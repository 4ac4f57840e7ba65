import type { EmitContext, Value } from '../../functions/definition.ts';
import { TEXT } from '../../types/data-type.ts';
import type { ValType } from '../../wasm/function-builder.ts';
import { part, textOf } from '../expression/values.ts';
import { importedRoutine, type Routine } from './routine.ts';

/** Calling JavaScript routines that take and give text. A result waits there until `take` copies it to its place. */

const take = importedRoutine('take', ['i32'], []);

/** A routine that gives text: it returns the byte length. `text` parameters are two i32. */
export function textRoutine(name: string, params: readonly (ValType | 'text')[]): Routine {
  return importedRoutine(name, spread(params), ['i32']);
}

/** A routine that takes text and returns something else. */
export function readerRoutine(name: string, params: readonly (ValType | 'text')[], results: readonly ValType[]): Routine {
  return importedRoutine(name, spread(params), results);
}

function spread(params: readonly (ValType | 'text')[]): readonly ValType[] {
  return params.flatMap((param): readonly ValType[] => (param === 'text' ? ['i32', 'i32'] : [param]));
}

/** Pushes all parts of the values, text as address and length. */
export function pushParts({ f }: EmitContext, values: readonly Value[]): void {
  for (const value of values) {
    const { locals } = value.type.kind === 'text' ? textOf(f, value) : value;
    for (const local of locals) f.get(local);
  }
}

/** Calls a text routine with what is on the stack; `onFailure` emits what happens when it returns a negative length. */
export function callText(context: EmitContext, routine: Routine, onFailure?: () => void): Value {
  const { f } = context;
  const length = f.local('i32');
  context.call(routine);
  f.set(length);
  if (onFailure !== undefined) {
    f.get(length).i32(0).op('i32.lt_s');
    f.ifThen(onFailure);
  }
  const address = context.allocateText(length);
  f.get(address);
  context.call(take);
  return { type: TEXT, locals: [address, length], isNull: null, bounds: null };
}

/** A view into a text: address + offset, and a length. */
export function textView(context: EmitContext, text: Value, pushOffset: () => void, pushLength: () => void): Value {
  const { f } = context;
  const result = context.newValue(TEXT);
  const { locals } = textOf(f, text);
  pushLength();
  f.set(part(result, 1));
  const [address] = locals;
  if (address === undefined) throw new RangeError('a text has an address');
  f.get(address);
  pushOffset();
  f.op('i32.add').set(part(result, 0));
  return result;
}
