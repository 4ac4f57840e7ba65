import type { ArgumentInfo } from '../../planner/catalog.ts';
import type { ConstantValue } from '../../planner/expression.ts';
import type { Routine } from '../exec/runtime/routine.ts';
import type { DataType, TypeKind } from '../types/data-type.ts';
import type { Vector } from '../types/vector.ts';
import type { FunctionBuilder, Local } from '../wasm/function-builder.ts';

/**
 * A value inside a pipeline, already evaluated into WebAssembly locals. Representation by type:
 * - boolean, int32, date: one i32 (boolean 0 or 1)
 * - int64, timestamp, decimal ≤ 18: one i64
 * - decimal > 18: two i64, low then high; or one i64, sign-extended, when `bounds` fit it (`widen` in values.ts makes it two)
 * - float64: one f64
 * - text: two i32, address and byte length of UTF-8 in shared memory; or none when `dictionary` says where it is
 *   (`textOf` in values.ts makes it two)
 * - interval: i32 months, i32 days, i64 nanoseconds
 * - null: none; `isNull` is 1
 * `isNull` is an i32 local (1: NULL), or null when the value cannot be NULL. What lies under a NULL is harmless but arbitrary.
 */
export interface Value {
  readonly type: DataType;
  readonly locals: readonly Local[];
  readonly isNull: Local | null;
  /** Proven bounds of the integer in `locals` (unscaled for decimals), from zone maps and constants; null: the type's own. */
  readonly bounds: Bounds | null;
  /** Proven bounds of a float64, both finite: then it is no NaN. */
  readonly range?: FloatRange | undefined;
  readonly dictionary?: DictionaryCode;
}

export interface FloatRange {
  readonly min: number;
  readonly max: number;
}

export interface Bounds {
  readonly min: bigint;
  readonly max: bigint;
}

/** Text that is a code into a dictionary; under a NULL the code is still a valid one. */
export interface DictionaryCode {
  /** i32 */
  readonly code: Local;
  readonly dictionary: DictionaryHandle;
}

/** A dictionary as generated code reaches it: plain Arrow text without NULLs. */
export interface DictionaryHandle {
  /** Equal for equal dictionaries of one pipeline. */
  readonly key: string;
  /** The number of values, for what is decided at generation time (an array of groups indexed by code). */
  readonly size: number;
  /** Each pushes an i32: the number of values, the address of size + 1 int32 offsets, the address of the UTF-8 bytes. */
  pushSize(f: FunctionBuilder): void;
  pushOffsets(f: FunctionBuilder): void;
  pushValues(f: FunctionBuilder): void;
}

/** What an emitter may use besides the function it writes into. */
export interface EmitContext {
  readonly f: FunctionBuilder;
  /** A fresh value of `type` in new locals, not nullable, contents undefined. */
  newValue(type: DataType, bounds?: Bounds | null): Value;
  /** The bytes laid into the pipeline's constant area, 8-byte aligned: leaves their address in the local. */
  constantBytes(bytes: Uint8Array): Local;
  /** A constant text as a Value. */
  textConstant(text: string): Value;
  /** The argument's value when it is a compile-time constant, else undefined: patterns, units, fields. */
  constantOf(argument: number): ConstantValue | undefined;
  /** Calls a runtime routine (`src/exec/runtime`); its arguments are on the stack. */
  call(routine: Routine): void;
  /**
   * Emits code that stops the query: SQLSTATE and message are recorded with the place of the call in the query text.
   * A `%` in the message stands for the text value. Code after it is unreachable.
   */
  raise(code: string, message: string, text?: Value): void;
  /** Reserves bytes in the query's string arena (size in an i32 local): leaves the address in the result local. */
  allocateText(size: Local): Local;
}

/**
 * Emits the code of one overload. For strict functions arguments are never NULL when it runs, or their NULL-ness is
 * handled outside (a `total` emitter may run on what lies under a NULL); the result's locals are returned. A result that
 * may be NULL by itself carries its own `isNull`.
 */
export type Emitter = (context: EmitContext, arguments_: readonly Value[], returns: DataType) => Value;

/**
 * What is known of two values that lie side by side in a v128: integers of any kind as int64 within their bounds, or
 * float64. None is NULL.
 */
export type LaneShape = Pick<Value, 'type' | 'bounds' | 'range'>;

/** A function over such pairs. */
export interface LaneOperation {
  readonly shape: LaneShape;
  /** Pushes the results for the arguments in the locals. */
  emit(context: LaneContext, arguments_: readonly Local[]): void;
}

export interface LaneContext {
  readonly f: FunctionBuilder;
  /** Takes a mask of lanes from the stack: the query stops with the error if one of them is of a row that counts. */
  raiseWhere(code: string, message: string): void;
}

/**
 * The kind of an argument's type. `any` takes every type; `textual` every type, cast to text; `sameAs` an earlier argument's
 * common type with this one. Parametric kinds keep the argument's own parameters: a decimal(15,2) stays one.
 */
export type TypePattern = TypeKind | 'any' | 'textual' | { readonly sameAs: number };

export interface ScalarOverload {
  readonly arguments: readonly TypePattern[];
  /** The last argument may repeat, or be absent. */
  readonly variadic?: boolean;
  /** The result type from the argument types after coercion; undefined: this overload does not take them. */
  readonly returns: (arguments_: readonly DataType[]) => DataType | undefined;
  /** `strict` unless said otherwise. */
  readonly nulls?: 'strict' | 'called';
  readonly mayReturnNull?: boolean;
  /** `immutable` unless said otherwise. */
  readonly volatility?: 'immutable' | 'stable' | 'volatile';
  /**
   * Whether the code never raises and never traps, whatever bits lie in its arguments, and is cheap: then it runs without
   * branches, also for rows whose result is not needed. A function decides by the arguments' bounds.
   */
  readonly total?: boolean | ((arguments_: readonly Value[], returns: DataType) => boolean);
  /** Whether it never raises, so that it may be evaluated for dictionary values that no row has. As `total` unless said. */
  readonly neverRaises?: boolean;
  readonly emit: Emitter;
  /** The same for two rows at once, where what is known of the arguments allows it. */
  readonly lanes?: (arguments_: readonly LaneShape[], returns: DataType) => LaneOperation | undefined;
}

/** One registration: everything LumaDB knows about a scalar function. */
export interface ScalarDefinition {
  readonly name: string;
  /** One line for documentation and `\df`. */
  readonly summary: string;
  readonly overloads: readonly ScalarOverload[];
}

/** One field of an aggregate's state, in the row of the hash table. */
export type StateType = 'i32' | 'i64' | 'f64' | 'i128' | 'text';

/** The state of one group while code for it is emitted: fields by position. */
export interface StateAccess {
  /** Loads a field into fresh locals (i128: two, text: address and length). */
  load(field: number): readonly Local[];
  /** Text is copied to memory that lives as long as the state, unless it lies in such memory already. */
  store(field: number, locals: readonly Local[]): void;
}

/**
 * An aggregate as code over its state. All-zero bytes are the initial state. `update` sees arguments that are not NULL
 * (rows with a NULL argument are skipped outside, unless `seesNulls`). `merge` folds another thread's state in.
 */
export interface AggregateOverload {
  readonly arguments: readonly TypePattern[];
  readonly returns: (arguments_: readonly DataType[]) => DataType | undefined;
  readonly nullOnEmpty: boolean;
  readonly seesNulls?: boolean;
  readonly state: (input: AggregateInput) => AggregateState;
}

/** What is known of an aggregate's input before its state is laid out. */
export interface AggregateInput {
  readonly types: readonly DataType[];
  /** Proven bounds of integer arguments; null: the type's own. */
  readonly bounds: readonly (Bounds | null)[];
  /** How often update runs at most, over all groups and threads. */
  readonly rows: bigint;
  /** Every state that is finished has been updated: groups exist by their rows, and no argument is NULL. */
  readonly alwaysUpdated: boolean;
}

export interface AggregateState {
  readonly fields: readonly StateType[];
  /**
   * What each field accumulates, by name (`sum`, `count`); null for fields that only this aggregate has. Named fields are
   * independent of each other: the new value depends on the field's old value and the arguments, and merging on the two
   * values. Fields of one name and type over equal arguments and filters are kept and updated once, whichever aggregates they
   * belong to (`avg` has the `sum` and `count` of `sum` and `count`); `count` is the number of updates, whatever the arguments.
   */
  readonly names?: readonly (string | null)[];
  update(context: EmitContext, state: StateAccess, arguments_: readonly Value[]): void;
  merge(context: EmitContext, into: StateAccess, from: StateAccess): void;
  /** The result; a NULL result (no rows) carries `isNull`. */
  finish(context: EmitContext, state: StateAccess, returns: DataType): Value;
}

export interface AggregateDefinition {
  readonly name: string;
  readonly summary: string;
  readonly overloads: readonly AggregateOverload[];
}

/**
 * A window function computed over sorted vectors, partition by partition: `partitionStarts` are row numbers (last one is
 * the row count), `peerStarts` likewise for rows equal in the ORDER BY.
 */
export interface WindowDefinition {
  readonly name: string;
  readonly summary: string;
  readonly resolve: (
    arguments_: readonly ArgumentInfo[],
  ) => { readonly argumentTypes: readonly DataType[]; readonly returns: DataType } | undefined;
  readonly compute: (arguments_: readonly Vector[], frames: WindowRows, returns: DataType) => Vector;
}

export interface WindowRows {
  readonly rows: number;
  readonly partitionStarts: Int32Array;
  readonly peerStarts: Int32Array;
  /** Frame of each row: [start, end) as row numbers; empty when start ≥ end. */
  readonly frameStart: Int32Array;
  readonly frameEnd: Int32Array;
}

/** A function in FROM: rows in batches of at most SEGMENT_ROWS. Arguments are constants by the time it runs. */
export interface TableFunctionDefinition {
  readonly name: string;
  readonly summary: string;
  readonly resolve: (arguments_: readonly ArgumentInfo[]) =>
    | {
        readonly argumentTypes: readonly DataType[];
        readonly columns: readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[];
      }
    | undefined;
  readonly rows: (arguments_: readonly Vector[]) => Iterable<{ readonly length: number; readonly columns: readonly Vector[] }>;
}
