import { LumaError, SQLSTATE } from '../types/error.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  ATOMICS,
  type AtomicOp,
  CONTROL,
  LANES,
  type LaneOp,
  LOADS,
  type LoadOp,
  PLAIN,
  type PlainOp,
  STORES,
  type StoreOp,
} from './opcodes.ts';

export type ValType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** The specification's type codes (5.3.1). */
export const VALUE_TYPE: Readonly<Record<ValType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

const NO_RESULT = 0x40;

/** What engines take of one function (WebAssembly JavaScript Interface, "Limits"), its parameters and frame allowed for. */
const MAX_LOCALS = 49_000;
const MAX_BYTES = 7_600_000;

export interface Local {
  readonly index: number;
  readonly type: ValType;
}

/** A mutable global of the instance, so one per thread. */
export interface Global {
  readonly index: number;
  readonly type: ValType;
}

/** Indices from here number the built functions; they follow the imports, whose count is known only at the end. */
export const BUILT = 1 << 24;

/** A function that can be called: imported or built. */
export interface FunctionRef {
  readonly index: number;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

/** Where `br` can go: the end of a block or `if`, the start of a loop. */
export interface Label {
  readonly depth: number;
}

/**
 * Writes the body of one function, instruction by instruction, straight into bytes.
 *
 * Instructions take their operands from the WebAssembly stack; nothing is checked here beyond labels, the engine validates.
 */
export class FunctionBuilder implements FunctionRef {
  readonly index: number;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  readonly #prologue = new Code();
  readonly #body = new Code();
  #current = this.#body;
  #code = this.#body.bytes;
  readonly #locals: ValType[] = [];
  #depth = 0;

  constructor(index: number, params: readonly ValType[], results: readonly ValType[]) {
    this.index = index;
    this.params = params;
    this.results = results;
  }

  /** Bytes written so far, as a measure of code size. */
  get size(): number {
    return this.#prologue.bytes.length + this.#body.bytes.length;
  }

  /**
   * Emits code at the start of the function, before all that is not in a prologue: loop invariants. It may read parameters and
   * what earlier prologues set, and branch only inside itself.
   */
  prologue(code: () => void): this {
    const { current, depth } = { current: this.#current, depth: this.#depth };
    this.#enter(this.#prologue, 0);
    code();
    this.#enter(current, depth);
    return this;
  }

  #enter(code: Code, depth: number): void {
    this.#current = code;
    this.#code = code.bytes;
    this.#depth = depth;
  }

  param(position: number): Local {
    const type = this.params[position];
    if (type === undefined) throw new RangeError(`the function has no parameter ${position}`);
    return { index: position, type };
  }

  /** A new local; zero when the function is entered, and not again in a loop. */
  local(type: ValType): Local {
    this.#locals.push(type);
    return { index: this.params.length + this.#locals.length - 1, type };
  }

  get(local: Local): this {
    this.#code.u8(CONTROL.localGet);
    this.#code.u32(local.index);
    return this;
  }

  set(local: Local): this {
    this.#code.u8(CONTROL.localSet);
    this.#code.u32(local.index);
    return this;
  }

  tee(local: Local): this {
    this.#code.u8(CONTROL.localTee);
    this.#code.u32(local.index);
    return this;
  }

  getGlobal(global: Global): this {
    this.#code.u8(CONTROL.globalGet);
    this.#code.u32(global.index);
    return this;
  }

  setGlobal(global: Global): this {
    this.#code.u8(CONTROL.globalSet);
    this.#code.u32(global.index);
    return this;
  }

  i32(value: number): this {
    this.#code.u8(CONTROL.i32Const);
    this.#code.s32(value);
    return this;
  }

  i64(value: bigint): this {
    this.#code.u8(CONTROL.i64Const);
    this.#code.s64(value);
    return this;
  }

  f64(value: number): this {
    this.#code.u8(CONTROL.f64Const);
    this.#code.f64(value);
    return this;
  }

  /** Sixteen bytes, lane 0 first. */
  v128(bytes: Uint8Array): this {
    if (bytes.length !== 16) throw new RangeError('a v128 constant has 16 bytes');
    this.#opcode(CONTROL.v128Const);
    this.#code.raw(bytes);
    return this;
  }

  op(name: PlainOp): this {
    this.#opcode(PLAIN[name]);
    return this;
  }

  /** Loads from the address on the stack plus `offset`; alignment is promised only as far as `align` (log2 bytes) says. */
  load(name: LoadOp, offset = 0, align?: number): this {
    const [opcode, natural] = LOADS[name];
    this.#opcode(opcode);
    this.#code.u32(align ?? natural);
    this.#code.u32(offset);
    return this;
  }

  /** Stores the value on the stack to the address under it plus `offset`. */
  store(name: StoreOp, offset = 0, align?: number): this {
    const [opcode, natural] = STORES[name];
    this.#opcode(opcode);
    this.#code.u32(align ?? natural);
    this.#code.u32(offset);
    return this;
  }

  /** An atomic access; the effective address must be aligned. */
  atomic(name: AtomicOp, offset = 0): this {
    const [opcode, natural] = ATOMICS[name];
    this.#opcode(opcode);
    this.#code.u32(natural);
    this.#code.u32(offset);
    return this;
  }

  fence(): this {
    this.#opcode(CONTROL.fence);
    this.#code.u8(0);
    return this;
  }

  lane(name: LaneOp, lane: number): this {
    this.#opcode(LANES[name]);
    this.#code.u8(lane);
    return this;
  }

  /** `i8x16.shuffle`: byte i of the result is byte lanes[i] of the two operands laid end to end. */
  shuffle(lanes: Uint8Array): this {
    this.#opcode(CONTROL.shuffle);
    this.#code.raw(lanes);
    return this;
  }

  /** destination, source, length on the stack. */
  memoryCopy(): this {
    this.#opcode(CONTROL.memoryCopy);
    this.#code.u8(0);
    this.#code.u8(0);
    return this;
  }

  /** destination, byte, length on the stack. */
  memoryFill(): this {
    this.#opcode(CONTROL.memoryFill);
    this.#code.u8(0);
    return this;
  }

  call(target: FunctionRef): this {
    this.#code.u8(CONTROL.call);
    if (target.index < BUILT) this.#code.u32(target.index);
    else {
      this.#current.calls.push({ at: this.#code.length, index: target.index - BUILT });
      this.#code.raw(PLACE_FOR_INDEX);
    }
    return this;
  }

  /** A block that `br` leaves at its end; with `result`, one value stays on the stack. */
  block(body: (end: Label) => void, result?: ValType): this {
    return this.#structure(CONTROL.block, body, result);
  }

  /** A loop that `br` starts over; it ends by falling through. */
  loop(body: (start: Label) => void, result?: ValType): this {
    return this.#structure(CONTROL.loop, body, result);
  }

  /** Runs `then` when the i32 on the stack is not 0. */
  ifThen(then: (end: Label) => void): this {
    return this.#structure(CONTROL.if, then, undefined);
  }

  ifElse(then: (end: Label) => void, otherwise: (end: Label) => void, result?: ValType): this {
    return this.#structure(
      CONTROL.if,
      (label) => {
        then(label);
        this.#code.u8(CONTROL.else);
        otherwise(label);
      },
      result,
    );
  }

  br(label: Label): this {
    this.#code.u8(CONTROL.br);
    this.#code.u32(this.#distance(label));
    return this;
  }

  /** Branches when the i32 on the stack is not 0. */
  brIf(label: Label): this {
    this.#code.u8(CONTROL.brIf);
    this.#code.u32(this.#distance(label));
    return this;
  }

  /** Branches to labels[i] for the i32 i on the stack, else to `otherwise`. */
  brTable(labels: readonly Label[], otherwise: Label): this {
    this.#code.u8(CONTROL.brTable);
    this.#code.u32(labels.length);
    for (const label of labels) this.#code.u32(this.#distance(label));
    this.#code.u32(this.#distance(otherwise));
    return this;
  }

  /** first, second, condition on the stack: first when the condition is not 0. */
  select(): this {
    return this.op('select');
  }

  drop(): this {
    return this.op('drop');
  }

  return_(): this {
    return this.op('return');
  }

  unreachable(): this {
    return this.op('unreachable');
  }

  /** Appends the function as an entry of the code section of a module with `imports` imported functions. */
  writeTo(out: ByteWriter, imports: number): void {
    const prologue = this.#prologue.complete(imports);
    const body = this.#body.complete(imports);
    if (this.#locals.length > MAX_LOCALS || prologue.length + body.length > MAX_BYTES) {
      const hint = 'Use fewer expressions in one place: a table to join with instead of a long list, for instance.';
      throw new LumaError(SQLSTATE.statementTooComplex, 'the statement is too complex', { hint });
    }
    const runs: { count: number; type: ValType }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ count: 1, type });
    }
    const header = new ByteWriter(8 + runs.length * 6);
    header.u32(runs.length);
    for (const run of runs) {
      header.u32(run.count);
      header.u8(VALUE_TYPE[run.type]);
    }
    out.u32(header.length + prologue.length + body.length + 1);
    out.raw(header.bytes());
    out.raw(prologue);
    out.raw(body);
    out.u8(CONTROL.end);
  }

  #structure(opcode: number, body: (label: Label) => void, result: ValType | undefined): this {
    this.#code.u8(opcode);
    this.#code.u8(result === undefined ? NO_RESULT : VALUE_TYPE[result]);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#code.u8(CONTROL.end);
    return this;
  }

  #distance(label: Label): number {
    const distance = this.#depth - label.depth;
    if (distance < 0) throw new RangeError('a branch to a label outside its block');
    return distance;
  }

  #opcode(opcode: number): void {
    if (opcode <= 0xff) this.#code.u8(opcode);
    else {
      this.#code.u8(opcode >> 12);
      this.#code.u32(opcode & 0xfff);
    }
  }
}

/** A stretch of instructions. */
class Code {
  readonly bytes = new ByteWriter();
  /** Where calls of built functions stand, to be numbered when the module is complete. */
  readonly calls: { readonly at: number; readonly index: number }[] = [];

  complete(imports: number): Uint8Array {
    const code = this.bytes.bytes();
    for (const { at, index } of this.calls) writePadded(code, at, imports + index);
    return code;
  }
}

/** LEB128 may be padded to its longest form (core specification 5.2.2), so an index can be filled in later. */
const PLACE_FOR_INDEX = new Uint8Array(5);

function writePadded(code: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) code[at + i] = ((value >>> (7 * i)) & 0x7f) | 0x80;
  code[at + 4] = value >>> 28;
}
