import type { BoundExpression, Constant, ConstantValue, ParameterRef } from '../../../planner/expression.ts';
import { expressionKey, transformExpression } from '../../../planner/expression-visit.ts';
import { PAGE_BYTES } from '../../memory/shared-memory.ts';
import type { DataType } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { ModuleBuilder } from '../../wasm/module-builder.ts';
import { createImports } from '../runtime/imports.ts';
import { importedRoutine, RuntimeModule } from '../runtime/routine.ts';
import { type ExpressionContext, type RaisedError, ValueCache } from './context.ts';
import { emitExpression } from './emit.ts';
import { loadSlot, readSlot, SLOT_BYTES, storeSlot, writeSlot } from './slot.ts';
import { textOf } from './values.ts';

/**
 * Evaluates expressions without columns where they stand: a module of one function over a small memory of its own, run on
 * the calling thread. Expressions that differ only in constants of fixed width share a module: their constants are
 * parameters of it.
 *
 * A run's memory, from `base`: the result's slot, address and length of an error's text, one slot per parameter, the
 * constant area; texts come after it.
 */
interface Evaluation {
  /** Returns 0, or the number of an error, from 1. */
  readonly run: (base: number) => number;
  readonly type: DataType;
  readonly errors: readonly RaisedError[];
  readonly constants: Uint8Array;
  /** Whose errors have their places from. */
  readonly expression: BoundExpression;
}

const ERROR_TEXT = SLOT_BYTES;
const PARAMETERS = ERROR_TEXT + 8;
/** Modules kept; beyond, all are forgotten. */
const CACHE_SIZE = 512;
const BASE = 64;

const cache = new Map<string, Evaluation>();

/** The value of an expression that reads no columns and no parameters; throws what its execution raises, at its place. */
export function evaluateConstant(expression: BoundExpression): ConstantValue {
  if (expression.kind === 'constant') return expression.value;
  const lifted: Constant[] = [];
  const shape = transformExpression(expression, (each) => lift(each, lifted));
  const key = expressionKey(shape);
  let evaluation = cache.get(key);
  if (evaluation === undefined) {
    if (cache.size >= CACHE_SIZE) cache.clear();
    evaluation = compile(shape, expression, lifted.length);
    cache.set(key, evaluation);
  }
  const failure = run(evaluation, lifted);
  if (failure === 0) return machine().read(BASE, evaluation.type);
  // a shared module knows the places of the expression that it was made for
  const own = evaluation.expression === expression ? evaluation : compile(shape, expression, lifted.length);
  throw machine().error(own.errors[run(own, lifted) - 1]);
}

/** Constants of fixed width as parameters; texts stay, because patterns and units are compiled. */
function lift(expression: BoundExpression, lifted: Constant[]): BoundExpression {
  if (expression.kind !== 'constant' || expression.value === null || expression.type.kind === 'text') return expression;
  lifted.push(expression);
  const parameter: ParameterRef = {
    kind: 'parameter',
    index: lifted.length,
    type: expression.type,
    nullable: false,
    span: expression.span,
  };
  return parameter;
}

function run(evaluation: Evaluation, parameters: readonly Constant[]): number {
  const { constants } = evaluation;
  const memory = machine();
  const area = PARAMETERS + parameters.length * SLOT_BYTES;
  memory.reset(BASE + area + constants.length);
  parameters.forEach((parameter, i) => {
    writeSlot(memory.view(), BASE + PARAMETERS + i * SLOT_BYTES, parameter.type, parameter.value);
  });
  memory.bytes().set(constants, BASE + area);
  return evaluation.run(BASE);
}

function compile(shape: BoundExpression, expression: BoundExpression, parameters: number): Evaluation {
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  const f = module.function(['i32'], ['i32']);
  const host = new EvaluationHost(f, new RuntimeModule(module), PARAMETERS + parameters * SLOT_BYTES);
  const value = emitExpression(host.context(), shape);
  storeSlot(f, f.param(0), value);
  f.i32(0);
  module.export('evaluate', f);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), machine().imports);
  const exported = instance.exports.evaluate;
  if (typeof exported !== 'function') throw new RangeError('the module does not export its function');
  return {
    run: (base) => Number(exported(base)),
    type: shape.type,
    errors: host.errors,
    constants: host.constants(),
    expression,
  };
}

const reserve = importedRoutine('reserve', ['i32'], ['i32']);

/** What expressions need, over the memory block at the function's first parameter. */
class EvaluationHost {
  readonly errors: RaisedError[] = [];
  readonly #f: FunctionBuilder;
  readonly #runtime: RuntimeModule;
  readonly #area: number;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(f: FunctionBuilder, runtime: RuntimeModule, area: number) {
    this.#f = f;
    this.#runtime = runtime;
    this.#area = area;
  }

  constants(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += aligned(chunk.length);
    }
    return bytes;
  }

  context(cache = new ValueCache()): ExpressionContext {
    const f = this.#f;
    return {
      f,
      runtime: this.#runtime,
      cache,
      branch: () => this.context(new ValueCache(cache)),
      column: (id) => {
        throw new LumaError(SQLSTATE.internalError, `a constant expression reads column ${id}`);
      },
      parameter: (index, type) => loadSlot(f, f.param(0), PARAMETERS + (index - 1) * SLOT_BYTES, type, false),
      constant: (bytes) => this.#constant(bytes),
      allocate: () => this.#runtime.call(f, reserve),
      raise: (error) => this.#raise(error),
      dictionaryTable: () => null,
    };
  }

  #constant(bytes: Uint8Array): Local {
    const f = this.#f;
    const address = f.local('i32');
    f.get(f.param(0))
      .i32(this.#area + this.#size)
      .op('i32.add')
      .set(address);
    this.#chunks.push(bytes);
    this.#size += aligned(bytes.length);
    return address;
  }

  #raise(error: RaisedError): void {
    const f = this.#f;
    if (error.text !== null) {
      const [address, length] = textOf(f, error.text).locals;
      if (address !== undefined && length !== undefined) {
        f.get(f.param(0)).get(address).store('i32.store', ERROR_TEXT);
        f.get(f.param(0))
          .get(length)
          .store('i32.store', ERROR_TEXT + 4);
      }
    }
    this.errors.push(error);
    f.i32(this.errors.length).return_();
  }
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** The memory that all evaluations of this thread use, one after the other. */
class Machine {
  readonly imports: WebAssembly.Imports;
  readonly #memory = new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: true });
  #top = 0;

  constructor() {
    const { js, ...others } = createImports(this.#memory);
    this.imports = { ...others, env: { memory: this.#memory }, js: { ...js, reserve: (size: number) => this.#reserve(size) } };
  }

  reset(top: number): void {
    this.#top = 0;
    this.#reserve(top);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  view(): DataView {
    return new DataView(this.#memory.buffer);
  }

  read(base: number, type: DataType): ConstantValue {
    return readSlot(this.view(), base, type);
  }

  error(raised: RaisedError | undefined): LumaError {
    if (raised === undefined) return new LumaError(SQLSTATE.internalError, 'an evaluation failed in one of two runs');
    const view = this.view();
    const address = view.getInt32(BASE + ERROR_TEXT, true);
    const length = view.getInt32(BASE + ERROR_TEXT + 4, true);
    const text = raised.text === null ? '' : new TextDecoder().decode(this.bytes().slice(address, address + length));
    return new LumaError(
      raised.code,
      raised.message.replace('%', () => text),
      { span: raised.span },
    );
  }

  #reserve(size: number): number {
    const address = this.#top;
    this.#top = aligned(address + size);
    const missing = this.#top + 16 - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }
}

let shared: Machine | undefined;

function machine(): Machine {
  shared ??= new Machine();
  return shared;
}
