import type { BoundExpression, Column, ColumnId } from '../../../../planner/expression.ts';
import { collectColumns } from '../../../../planner/expression-visit.ts';
import type { HashJoin } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import type { SharedMemory } from '../../../memory/shared-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitExpression } from '../../expression/emit.ts';
import { anyNull, only, pushInt64 } from '../../expression/values.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Row, Sink, Slot } from '../../pipeline/stream.ts';
import { type Records, RowSink } from '../../rows/row-sink.ts';

/** Header fields of a build record, by position in `layout.headers`: the next record of the chain, and the hash of the keys. */
export const HEADER = { next: 0, hash: 1 } as const;

/** A key as the build side has it. */
export interface BuildKey {
  readonly column: Column;
  readonly expression: BoundExpression;
  readonly nullSafe: boolean;
}

/** What the build side stores: the columns that are used above or in the residual, and the keys. */
export interface BuildSide {
  readonly keys: readonly BuildKey[];
  /** Without columns that exist only as keys. */
  readonly payload: readonly Column[];
  readonly stored: readonly Column[];
}

export function buildSide(plan: HashJoin): BuildSide {
  const used = new Set<ColumnId>(plan.columns.map(({ id }) => id));
  const predicates = plan.compared === null ? plan.residual : [plan.compared, ...plan.residual];
  for (const predicate of predicates) collectColumns(predicate, used);
  const payload = plan.build.columns.filter(({ id }) => used.has(id));
  return sideOf(
    plan.build.columns,
    payload,
    plan.keys.map(({ build, nullSafe }) => ({ expression: build, nullSafe })),
  );
}

/** What stores `payload`, of the side's columns, and keys. */
export function sideOf(
  columns: readonly Column[],
  payload: readonly Column[],
  expressions: readonly Omit<BuildKey, 'column'>[],
): BuildSide {
  const stored = [...payload];
  const keys = expressions.map(({ expression, nullSafe }, i): BuildKey => {
    const known = expression.kind === 'column' ? columns.find(({ id }) => id === expression.id) : undefined;
    // an expression has no column of its own; negative ids are nobody else's, and no one above sees them
    const column = known ?? { id: -1 - i, name: `key ${i}`, type: expression.type, nullable: expression.nullable };
    if (!stored.some(({ id }) => id === column.id)) stored.push(column);
    return { column, expression, nullSafe };
  });
  return { keys, payload, stored };
}

/** Whether values of the type are one integer local each, so that they can index an array. */
export function isIndexable(type: DataType): boolean {
  if (type.kind === 'decimal') return type.precision <= 18;
  return type.kind === 'int32' || type.kind === 'int64' || type.kind === 'date' || type.kind === 'timestamp';
}

/** Smallest and largest key, and whether a row was left out because its key is NULL. */
export interface KeyRange {
  readonly min: bigint;
  readonly max: bigint;
  readonly nulls: boolean;
}

const RANGE = { min: 0, max: 8, nulls: 16, bytes: 24 } as const;
const EMPTY_RANGE = { min: 2n ** 63n - 1n, max: -(2n ** 63n) } as const;

/**
 * Ends the build side's stream in records. Rows whose key is NULL match nothing and are left out, except for keys that
 * `keepsNull` names. For one integer key, its range over all rows where it is not NULL is kept.
 */
export class BuildSink implements Sink {
  readonly #memory: SharedMemory;
  readonly #side: BuildSide;
  readonly #records: RowSink;
  readonly #keepsNull: (key: BuildKey) => boolean;
  readonly #nullable: boolean;
  #slot: Slot = 0;
  #range: { readonly min: Local; readonly max: Local } | undefined;

  /** `nullable`: every field must be able to be NULL, for the row without a match of a left join. */
  constructor(memory: SharedMemory, side: BuildSide, keepsNull: (key: BuildKey) => boolean, nullable: boolean) {
    this.#memory = memory;
    this.#side = side;
    this.#keepsNull = keepsNull;
    this.#nullable = nullable;
    this.#records = new RowSink(side.stored, { headers: [4, 4] });
  }

  open(blocks: BlockLayout): void {
    this.#records.open(blocks);
    this.#slot = blocks.local(RANGE.bytes);
  }

  begin(pipeline: PipelineBuilder): void {
    this.#records.begin(pipeline);
    const { f, local } = pipeline;
    this.#range = undefined;
    const [key] = this.#side.keys;
    if (key === undefined || this.#side.keys.length > 1 || !isIndexable(key.expression.type)) return;
    const [min, max] = [f.local('i64'), f.local('i64')];
    f.get(local)
      .load('i64.load', this.#slot + RANGE.min)
      .set(min);
    f.get(local)
      .load('i64.load', this.#slot + RANGE.max)
      .set(max);
    this.#range = { min, max };
  }

  consume(pipeline: PipelineBuilder, row: Row): void {
    const { f, local } = pipeline;
    const values = this.#side.keys.map((key) => emitExpression(row, key.expression));
    const missing = anyNull(
      f,
      values.filter((_, i) => !this.#keepsNull(this.#keyAt(i))),
    );
    const store = (inner: Row): void => {
      const [first] = values;
      if (this.#range !== undefined && first !== undefined) this.#emitRange(pipeline, first);
      this.#records.consume(pipeline, this.#withKeys(inner, values));
    };
    if (missing === null) store(row);
    else {
      f.get(missing);
      f.ifElse(
        () =>
          f
            .get(local)
            .i32(1)
            .store('i32.store', this.#slot + RANGE.nulls),
        () => store(row.branch()),
      );
    }
  }

  end(pipeline: PipelineBuilder): void {
    this.#records.end(pipeline);
    if (this.#range === undefined) return;
    const { f, local } = pipeline;
    f.get(local)
      .get(this.#range.min)
      .store('i64.store', this.#slot + RANGE.min);
    f.get(local)
      .get(this.#range.max)
      .store('i64.store', this.#slot + RANGE.max);
  }

  start(blocks: Blocks): void {
    for (const local of blocks.locals) {
      this.#memory.i64(local + this.#slot, 2).set([EMPTY_RANGE.min, EMPTY_RANGE.max]);
    }
  }

  records(blocks: Blocks): Records {
    return this.#records.records(this.#memory, blocks);
  }

  range(blocks: Blocks): KeyRange {
    const memory = this.#memory;
    let { min, max }: { min: bigint; max: bigint } = EMPTY_RANGE;
    let nulls = false;
    for (const local of blocks.locals) {
      const [low = min, high = max] = memory.i64(local + this.#slot, 2);
      if (low < min) min = low;
      if (high > max) max = high;
      if (memory.i32(local + this.#slot + RANGE.nulls, 1)[0] !== 0) nulls = true;
    }
    return { min, max, nulls };
  }

  #emitRange(pipeline: PipelineBuilder, key: Value): void {
    const { f } = pipeline;
    if (key.isNull === null) this.#emitNotNullRange(pipeline, key);
    else
      f.get(key.isNull)
        .op('i32.eqz')
        .ifThen(() => this.#emitNotNullRange(pipeline, key));
  }

  #emitNotNullRange({ f }: PipelineBuilder, key: Value): void {
    const { min, max } = this.#range ?? {};
    if (min === undefined || max === undefined) return;
    let value = only(key);
    if (value.type === 'i32') {
      value = f.local('i64');
      pushInt64(f, key);
      f.set(value);
    }
    f.get(value).get(min).get(value).get(min).op('i64.lt_s').select().set(min);
    f.get(value).get(max).get(value).get(max).op('i64.gt_s').select().set(max);
  }

  /** The row with its keys as columns, and, for a left join, everything nullable. */
  #withKeys(row: Row, values: readonly Value[]): Row {
    const columns = new Map<ColumnId, (row: Row) => Value>();
    const nullable = ({ f }: Row, value: Value): Value =>
      this.#nullable && value.isNull === null ? { ...value, isNull: f.local('i32') } : value;
    this.#side.stored.forEach(({ id }) => {
      columns.set(id, (below) => nullable(below, below.column(id)));
    });
    this.#side.keys.forEach(({ column }, i) => {
      const value = values[i];
      if (value !== undefined) columns.set(column.id, (below) => nullable(below, value));
    });
    return row.with(columns);
  }

  #keyAt(position: number): BuildKey {
    const key = this.#side.keys[position];
    if (key === undefined) throw new RangeError(`there is no key ${position}`);
    return key;
  }
}
