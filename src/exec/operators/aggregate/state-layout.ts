import type { StateAccess, StateType } from '../../../functions/definition.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { LoadOp, StoreOp } from '../../../wasm/opcodes.ts';

/** Where one accumulator lies in a group's state: locals of these types, one after the other, from `offset`. */
export interface StateSlot {
  readonly type: StateType;
  readonly offset: number;
}

/** The locals that hold a field of each type. */
export const STATE_PARTS: Readonly<Record<StateType, readonly ('i32' | 'i64' | 'f64')[]>> = {
  i32: ['i32'],
  i64: ['i64'],
  f64: ['f64'],
  i128: ['i64', 'i64'],
  text: ['i32', 'i32'],
};

const LOAD: Readonly<Record<'i32' | 'i64' | 'f64', LoadOp>> = { i32: 'i32.load', i64: 'i64.load', f64: 'f64.load' };
const STORE: Readonly<Record<'i32' | 'i64' | 'f64', StoreOp>> = { i32: 'i32.store', i64: 'i64.store', f64: 'f64.store' };

function widthOf(type: 'i32' | 'i64' | 'f64'): number {
  return type === 'i32' ? 4 : 8;
}

/** Places fields from `start` (a multiple of 8), widest first; the width is a multiple of 8. */
export function placeStates(types: readonly StateType[], start: number): { slots: readonly StateSlot[]; end: number } {
  const slots: StateSlot[] = [];
  let offset = start;
  for (const wide of [true, false]) {
    types.forEach((type, position) => {
      if ((type !== 'i32') !== wide) return;
      slots[position] = { type, offset };
      for (const part of STATE_PARTS[type]) offset += widthOf(part);
    });
  }
  return { slots, end: (offset + 7) & ~7 };
}

/** The same slots in a state that begins at `base`. */
export function shifted(slots: readonly StateSlot[], base: number): readonly StateSlot[] {
  return slots.map(({ type, offset }) => ({ type, offset: offset + base }));
}

/** A group's state in memory. */
export function memoryAccess(f: FunctionBuilder, address: Local, slots: readonly StateSlot[]): StateAccess {
  return {
    load(field) {
      const slot = slotAt(slots, field);
      let offset = slot.offset;
      return STATE_PARTS[slot.type].map((part) => {
        const local = f.local(part);
        f.get(address).load(LOAD[part], offset).set(local);
        offset += widthOf(part);
        return local;
      });
    },
    store(field, locals) {
      const slot = slotAt(slots, field);
      let offset = slot.offset;
      STATE_PARTS[slot.type].forEach((part, position) => {
        f.get(address).get(localAt(locals, position)).store(STORE[part], offset);
        offset += widthOf(part);
      });
    },
  };
}

/** A state that lives in locals. Loading copies, because a loaded local must not change when the field does. */
export function localsAccess(f: FunctionBuilder, fields: readonly (readonly Local[])[]): StateAccess {
  return {
    load(field) {
      return partsAt(fields, field).map((local) => {
        const copy = f.local(local.type);
        f.get(local).set(copy);
        return copy;
      });
    },
    store(field, locals) {
      partsAt(fields, field).forEach((local, position) => {
        f.get(localAt(locals, position)).set(local);
      });
    },
  };
}

function slotAt(slots: readonly StateSlot[], field: number): StateSlot {
  const slot = slots[field];
  if (slot === undefined) throw new LumaError(SQLSTATE.internalError, `an aggregate has no field ${field}`);
  return slot;
}

function partsAt(fields: readonly (readonly Local[])[], field: number): readonly Local[] {
  const locals = fields[field];
  if (locals === undefined) throw new LumaError(SQLSTATE.internalError, `an aggregate has no field ${field}`);
  return locals;
}

function localAt(locals: readonly Local[], position: number): Local {
  const local = locals[position];
  if (local === undefined) throw new LumaError(SQLSTATE.internalError, 'an aggregate stored less than a field holds');
  return local;
}
