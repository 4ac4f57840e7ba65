import type { BoundExpression, ColumnId } from '../../../../planner/expression.ts';
import type { LaneShape } from '../../../functions/definition.ts';
import { type DataType, MAX_DECIMAL64_PRECISION } from '../../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { type LaneColumns, type LaneRow, planLanes } from '../../expression/lanes.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import type { LaneRows, PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { constantOf, planBlockFilter } from './block-filter.ts';
import { ColumnReader, pushAt, type SourceColumn } from './columns.ts';
import { emitCompare, emitSplat, type LanePredicate, splatBytes } from './lane-predicate.ts';

/** Rows of one turn of the loop: as many 32-bit values as a v128 has, in two halves of two. */
const TURN_ROWS = 4;

/**
 * The source's rows in lanes, all filters applied: null when a filter is not one of lanes, or reads a column with NULLs.
 * Where nearly all work is arithmetic, this is the fastest loop there is: no branch, no list, everything in registers. Buffers
 * are readable up to the next multiple of 64 rows; what lies there behind the last row counts for nothing.
 */
export function laneRows(run: QueryRun, columns: readonly SourceColumn[], filters: readonly BoundExpression[]): LaneRows | null {
  const blocks = planBlockFilter(run, columns, filters);
  if (filters.length > 0 && (blocks === null || blocks.rest.length + blocks.flags.length + blocks.nulls.length > 0)) return null;
  const comparisons = blocks?.comparisons ?? [];
  if (comparisons.some(({ position }) => columns[position]?.hasNulls !== false)) return null;
  const lanes: LaneColumns = {
    shapeOf: (id) => shapeOf(columns.find(({ column }) => column.id === id)),
    constantOf: (expression) => constantOf(run, expression),
  };
  return {
    all: comparisons.length === 0,
    plan: (expression) => planLanes(expression, lanes),
    emit: (pipeline, body) => new LaneLoop(pipeline, columns, comparisons).emit(body),
  };
}

function shapeOf(source: SourceColumn | undefined): LaneShape | undefined {
  if (source === undefined || source.hasNulls || source.dictionary !== null) return undefined;
  const { column, bounds, range } = source;
  return laneBytes(column.type) === 0 ? undefined : { type: column.type, bounds, range };
}

/** Bytes of a value in its column; 0 for types without lanes. */
function laneBytes(type: DataType): 0 | 4 | 8 {
  switch (type.kind) {
    case 'int32':
    case 'date':
      return 4;
    case 'int64':
    case 'timestamp':
    case 'float64':
      return 8;
    case 'decimal':
      return type.precision <= MAX_DECIMAL64_PRECISION ? 8 : 0;
    default:
      return 0;
  }
}

interface Failure {
  readonly lanes: Local;
  readonly raise: () => void;
}

class LaneLoop {
  readonly #pipeline: PipelineBuilder;
  readonly #columns: readonly SourceColumn[];
  readonly #comparisons: readonly { readonly predicate: LanePredicate & { readonly position: number }; readonly splat: Local }[];
  readonly #reader: ColumnReader;
  readonly #row: Local;
  /** By what is raised. */
  readonly #failures = new Map<string, Failure>();
  /** Loaded in this turn: by position and half. */
  readonly #vectors = new Map<string, Local>();
  readonly #addresses = new Map<number, Local>();

  constructor(
    pipeline: PipelineBuilder,
    columns: readonly SourceColumn[],
    comparisons: readonly (LanePredicate & { readonly position: number })[],
  ) {
    const { f } = pipeline;
    this.#pipeline = pipeline;
    this.#columns = columns;
    this.#reader = new ColumnReader(pipeline, columns);
    this.#row = f.local('i32');
    this.#comparisons = comparisons.map((predicate) => {
      const address = pipeline.constant(splatBytes(predicate));
      let splat: Local = address;
      f.prologue(() => {
        splat = emitSplat(f, predicate, address);
      });
      return { predicate, splat };
    });
  }

  /** Emits the loop; the result holds how many rows passed (i64). */
  emit(body: (row: LaneRow, mask: Local) => void): Local {
    const { f, morsel } = this.#pipeline;
    const [rows, left, valid] = [f.local('i32'), f.local('i32'), f.local('v128')];
    const count = f.local('v128');
    f.prologue(() => {
      f.get(morsel).load('i32.load', MORSEL.rows).set(rows);
      f.v128(ALL).set(valid);
    });
    f.get(rows);
    f.ifThen(() => {
      f.loop((again) => {
        f.get(rows).get(this.#row).op('i32.sub').tee(left).i32(TURN_ROWS).op('i32.lt_u');
        f.ifThen(() => f.v128(FIRST_FOUR).get(left).op('i32x4.splat').op('i32x4.lt_s').set(valid));
        const narrow = this.#narrowMask(valid);
        for (const half of [0, 1]) {
          const mask = this.#mask(narrow, half);
          f.get(count).get(mask).op('i64x2.sub').set(count);
          body(this.#rowOf(half, mask), mask);
        }
        f.get(this.#row).i32(TURN_ROWS).op('i32.add').tee(this.#row).get(rows).op('i32.lt_u').brIf(again);
      });
    });
    for (const { lanes, raise } of this.#failures.values()) f.get(lanes).op('v128.any_true').ifThen(raise);
    const total = f.local('i64');
    f.get(count).lane('i64x2.extract_lane', 0).get(count).lane('i64x2.extract_lane', 1).op('i64.add').set(total);
    return total;
  }

  /** Four 32-bit masks: rows that are there, and meet the comparisons of 32-bit columns. */
  #narrowMask(valid: Local): Local {
    const { f } = this.#pipeline;
    const mask = f.local('v128');
    f.get(valid);
    for (const { predicate, splat } of this.#comparisons) {
      if (predicate.lane !== 'i32x4') continue;
      emitCompare(f, predicate, this.#vector(predicate.position, 0), splat);
      f.op('v128.and');
    }
    f.set(mask);
    return mask;
  }

  /** Two 64-bit masks of a half. */
  #mask(narrow: Local, half: number): Local {
    const { f } = this.#pipeline;
    const mask = f.local('v128');
    pushHalf(f, narrow, half);
    for (const { predicate, splat } of this.#comparisons) {
      if (predicate.lane === 'i32x4') continue;
      emitCompare(f, predicate, this.#vector(predicate.position, half), splat);
      f.op('v128.and');
    }
    f.set(mask);
    return mask;
  }

  #rowOf(half: number, mask: Local): LaneRow {
    const { f } = this.#pipeline;
    const known = new Map<string, Local>();
    return {
      f,
      known,
      column: (id) => this.#column(id, half, known),
      constant: (bytes) => this.#splat(bytes),
      raiseWhere: (code, message, span) => {
        const key = `${code} ${message} ${span.start}`;
        const { lanes } = this.#failures.get(key) ?? { lanes: f.local('v128') };
        f.get(mask).op('v128.and').get(lanes).op('v128.or').set(lanes);
        this.#failures.set(key, { lanes, raise: () => this.#pipeline.raise(code, message, span) });
      },
    };
  }

  #column(id: ColumnId, half: number, known: Map<string, Local>): Local {
    const position = this.#columns.findIndex(({ column }) => column.id === id);
    if (laneBytes(this.#reader.column(position).column.type) === 8) return this.#vector(position, half);
    const key = `column ${position}`;
    const widened = known.get(key) ?? this.#pipeline.f.local('v128');
    if (known.has(key)) return widened;
    pushHalf(this.#pipeline.f, this.#vector(position, 0), half);
    this.#pipeline.f.set(widened);
    known.set(key, widened);
    return widened;
  }

  /** The column's values in this turn: all four of 32 bits, or a half's two of 64. */
  #vector(position: number, half: number): Local {
    const { f } = this.#pipeline;
    const key = `${position} ${half}`;
    const loaded = this.#vectors.get(key);
    if (loaded !== undefined) return loaded;
    let address = this.#addresses.get(position);
    if (address === undefined) {
      address = f.local('i32');
      const wide = laneBytes(this.#reader.column(position).column.type) === 8;
      pushAt(f, this.#reader.values(position), this.#row, wide ? 3 : 2);
      f.set(address);
      this.#addresses.set(position, address);
    }
    const vector = f.local('v128');
    f.get(address)
      .load('v128.load', half * 16)
      .set(vector);
    this.#vectors.set(key, vector);
    return vector;
  }

  #splat(bytes: Uint8Array): Local {
    const { f } = this.#pipeline;
    const address = this.#pipeline.constant(bytes);
    const splat = f.local('v128');
    f.prologue(() => f.get(address).load('v128.load64_splat').set(splat));
    return splat;
  }
}

/** Pushes a half of four 32-bit integers as 64-bit ones. */
function pushHalf(f: FunctionBuilder, four: Local, half: number): void {
  f.get(four).op(half === 0 ? 'i64x2.extend_low_i32x4_s' : 'i64x2.extend_high_i32x4_s');
}

const ALL = new Uint8Array(16).fill(0xff);
const FIRST_FOUR = new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer);
