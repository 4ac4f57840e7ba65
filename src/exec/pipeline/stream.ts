import type { BoundExpression, Column, ColumnId } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import type { Pointer } from '../../memory/shared-memory.ts';
import type { Span } from '../../types/span.ts';
import type { FunctionBuilder, FunctionRef, Local, ValType } from '../../wasm/function-builder.ts';
import type { ModuleBuilder } from '../../wasm/module-builder.ts';
import type { ExpressionContext } from '../expression/context.ts';
import type { LanePlan, LaneRow } from '../expression/lanes.ts';
import type { QueryRun } from '../query-run.ts';
import type { RuntimeModule } from '../runtime/routine.ts';

/**
 * How operators become pipelines.
 *
 * Lowering an operator (`lower(plan, run)`) gives a Stream: rows on their way, of which nothing has run yet. An operator
 * that needs no memory of its own (filter, project, the probe of a join) adds a Step. A pipeline breaker ends its input's
 * stream with a Sink, runs it (`run.drain(stream, sink)`), and gives a new Stream whose Source is its result. Because a
 * pipeline is generated only when everything before it has run, its code knows the real dictionaries, zone maps, row
 * counts and addresses' sizes: tables are sized from the rows that arrived, not from an estimate.
 *
 * A pipeline is one exported function `(morsel, shared, local) -> i32`: it runs one morsel and returns 0, or traps when
 * `raise` has left the number of an error in the thread's block. `morsel` is the address of a descriptor whose layout the source defines; `shared` is the run's
 * block that all threads see; `local` is the thread's own block. Addresses never stand in the code (the same plan gives the
 * same bytes, and the same compiled module): they are read from the blocks.
 */
export interface Stream {
  /** Union all of these; almost always one. All deliver the same columns. */
  readonly branches: readonly Branch[];
  readonly columns: readonly Column[];
  /** The order of morsels, and of rows in a morsel, means something (after a sort): sinks keep it. */
  readonly ordered: boolean;
}

export interface Branch {
  readonly source: Source;
  readonly steps: readonly Step[];
}

/** Where a pipeline's rows come from. */
export interface Source {
  /** Addresses of the morsels' descriptors in shared memory, in order. Each begins as MORSEL (blocks.ts) says. */
  readonly morsels: readonly Pointer[];
  /** Upper bound of all rows; for sizing, for proven bounds of sums, and to decide whether to run in place. */
  readonly rows: number;
  /** The plan node that the source's rows are counted for in EXPLAIN ANALYZE. */
  readonly node: number | null;
  /**
   * Emits the loop over one morsel's rows and calls `body` exactly once, at generation time, inside it. `row` resolves the
   * source's columns lazily: a column that nothing asks for costs nothing.
   * `filters` are predicates directly above the source; the source may evaluate them itself in blocks of 64 rows with
   * SIMD, and hands on those it did not take as `rest`: the caller emits these as usual.
   * Rows that fail a test of `early` go nowhere: the source may leave them out, which is cheaper than to begin with them.
   * `counted`: it has emitted `early.count` where rows passed the filters, before those tests.
   */
  emit(
    pipeline: PipelineBuilder,
    filters: readonly BoundExpression[],
    body: (row: Row, rest: readonly BoundExpression[], counted?: boolean) => void,
    early?: EarlyTests,
  ): void;
  /** The rows that meet all `filters`, in lanes; absent or null when the source or a filter is not of that kind. */
  lanes?(filters: readonly BoundExpression[]): LaneRows | null;
}

/** A source's rows two at a time in SIMD lanes, filtered. */
export interface LaneRows {
  /** No row is filtered out. */
  readonly all: boolean;
  /** How to compute an expression over them; undefined when lanes cannot. */
  plan(expression: BoundExpression): LanePlan | undefined;
  /**
   * Emits the loop over one morsel. `body` is called at generation time for each pair of rows of a turn: in `mask`, a lane is
   * all ones where the row counts, else zero. The result holds how many rows did (i64).
   */
  emit(pipeline: PipelineBuilder, body: (row: LaneRow, mask: Local) => void): Local;
}

export interface EarlyTests {
  readonly tests: readonly RowTest[];
  /** Emits the counting of a row that passed the filters; null when nobody asks for it. */
  readonly count: (() => void) | null;
}

/** Something that can be told of a row early, by one column: that no step will let it pass. */
export interface RowTest {
  readonly column: ColumnId;
  /** Pushes 0 for such a row, else 1; without branches. */
  push(pipeline: PipelineBuilder, row: Row): void;
}

/** What happens to each row between source and sink. */
export interface Step {
  /** The plan node it counts rows for; null for a step that is only part of an operator. */
  readonly node: number | null;
  /** Emits code that calls `next` zero or more times per row at run time, and exactly once at generation time. */
  emit(pipeline: PipelineBuilder, row: Row, next: (row: Row) => void): void;
  /** At most how many rows come of one; absent: one. See `rowsOf`. */
  readonly expansion?: number;
  /**
   * How many rows' work it does for one row, about; absent: one. Above one the work counts for whether to run in place, and
   * cancel is looked at before each row.
   */
  readonly work?: number;
  /** Present on filters, so that a source may take them over. */
  readonly predicates?: readonly BoundExpression[];
  /** Present on steps that leave the columns of their rows as they are: tests that fail only for rows that it drops. */
  readonly tests?: readonly RowTest[];
}

/** Where a pipeline's rows end. One sink is used by all branches of a stream, each compiled on its own. */
export interface Sink {
  /** Reserves slots in the blocks; called once per run, before any code is emitted. */
  open(blocks: BlockLayout): void;
  /** Emits what happens at the start of a morsel, once. */
  begin?(pipeline: PipelineBuilder): void;
  /** Emits code for one row. */
  consume(pipeline: PipelineBuilder, row: Row): void;
  /**
   * Emits the whole loop over rows in lanes instead, in a stream of one branch; the result holds how many there were (i64).
   * Null, and nothing emitted, when they are not enough for what the sink does.
   */
  consumeLanes?(pipeline: PipelineBuilder, lanes: LaneRows): Local | null;
  /** Emits what happens at the end of a morsel, once. */
  end?(pipeline: PipelineBuilder): void;
  /**
   * Asked when the code is complete: whether nothing that was allocated while a morsel ran is needed after it. Then the
   * texts that expressions made are given back.
   */
  forgets?(): boolean;
  /** Writes initial values into the blocks, after they are allocated and before anything runs. */
  start?(blocks: Blocks): void;
}

/** A slot's byte offset in a block; slots are 8-byte aligned and zero at the start. */
export type Slot = number;

export interface BlockLayout {
  /** A slot all threads see. */
  shared(bytes: number): Slot;
  /** A slot of each thread's own. */
  local(bytes: number): Slot;
}

/** The blocks of a run, allocated. `locals` has one address per thread that may take part. */
export interface Blocks {
  readonly shared: Pointer;
  readonly locals: readonly Pointer[];
}

/**
 * A row as generated code sees it: an expression context whose columns are values in locals. Values that are computed
 * stay cached in the row where they were computed; code inside a branch uses `branch()`, whose cache ends with it.
 */
export interface Row extends ExpressionContext {
  /** The same row inside a block that may not run: what is cached there is not seen outside. */
  branch(): Row;
  /** The row with further columns, computed when first asked for. */
  with(columns: ReadonlyMap<ColumnId, (row: Row) => Value>): Row;
  /** i64 local: position of the row in the whole source, ascending with morsel and row: ties are broken by it. */
  sequence(): Local;
}

/** What code generation of one pipeline may use. */
export interface PipelineBuilder {
  readonly run: QueryRun;
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  /** Runtime routines of the module. */
  readonly runtime: RuntimeModule;
  /** Parameters of the pipeline function; a routine has no morsel. */
  readonly morsel: Local;
  readonly shared: Local;
  readonly local: Local;
  readonly blocks: BlockLayout;
  /** A constant laid into the run's constant area before the start; the local holds its address. */
  constant(bytes: Uint8Array): Local;
  /** How often the function's code allocates so far. */
  readonly allocations: number;
  /** Takes a byte count (i32) from the stack, leaves the address of 8-byte aligned memory of the query's arena; contents undefined. */
  allocate(): void;
  /** Another function of the same module that gets `(shared, local, …params)`: for code too large to stand inline, such as growing a table. */
  routine(
    name: string,
    params: readonly ValType[],
    results: readonly ValType[],
    body: (routine: PipelineBuilder) => void,
  ): FunctionRef;
  /** Stops the query with an error; `span` in the query's text. Code after it is unreachable. */
  raise(code: string, message: string, span?: Span, hint?: string): void;
  /**
   * A row context over the given columns: for sources, and for code of operators outside a source's loop (comparing two
   * rows, finishing aggregates). Without `sequence`, `row.sequence()` is an error.
   */
  rowOf(columns: ReadonlyMap<ColumnId, (row: Row) => Value>, sequence?: (row: Row) => Local): Row;
}
