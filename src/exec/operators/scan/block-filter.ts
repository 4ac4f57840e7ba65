import type { BoundExpression, ColumnId, ConstantValue } from '../../../../planner/expression.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { codePredicate } from './code-predicate.ts';
import type { ColumnReader, SourceColumn } from './columns.ts';
import { emitCompare, emitSplat, type LanePredicate, lanePredicate, splatBytes } from './lane-predicate.ts';

/**
 * Filters evaluated for 64 rows at once into a mask of an i64, bit by row.
 *
 * Comparisons, those of dictionary codes among them, run on SIMD lanes, sixteen rows at a time: the 64-bit lanes of all
 * their predicates are combined first, then narrowed to 32-bit lanes and combined with those, then narrowed to bytes, whose
 * top bits are the mask. Boolean columns and NULL bitmaps are masks as they lie. All read whole blocks: buffers are readable up to the next multiple of 64 rows.
 */
export interface BlockFilter {
  readonly comparisons: readonly (LanePredicate & { readonly position: number })[];
  /** Boolean columns that must be true, or, negated, false. */
  readonly flags: readonly { readonly position: number; readonly negated: boolean }[];
  /** Columns that must be NULL, or, negated, not NULL; beyond those that the others already need to be not NULL. */
  readonly nulls: readonly { readonly position: number; readonly negated: boolean }[];
  /** What it did not take. */
  readonly rest: readonly BoundExpression[];
}

/** Divides the filters; null when none of them is for blocks. */
export function planBlockFilter(
  run: QueryRun,
  columns: readonly SourceColumn[],
  filters: readonly BoundExpression[],
): BlockFilter | null {
  const comparisons: BlockFilter['comparisons'][number][] = [];
  const flags: BlockFilter['flags'][number][] = [];
  const nulls: BlockFilter['nulls'][number][] = [];
  const rest: BoundExpression[] = [];
  const positionOf = (id: ColumnId): number => columns.findIndex(({ column }) => column.id === id);
  for (const filter of filters.flatMap((each) => (each.kind === 'and' ? each.operands : [each]))) {
    const known = (expression: BoundExpression): ConstantValue | undefined => constantOf(run, expression);
    const comparison = lanePredicate(filter, known) ?? codePredicate(run, columns, filter, known);
    const negated = filter.kind === 'not';
    const inner = filter.kind === 'not' ? filter.operand : filter;
    if (comparison !== undefined) comparisons.push({ ...comparison, position: positionOf(comparison.column) });
    else if (inner.kind === 'column' && inner.type.kind === 'boolean') flags.push({ position: positionOf(inner.id), negated });
    else if (inner.kind === 'is_null' && inner.operand.kind === 'column' && inner.operand.type.kind !== 'null') {
      nulls.push({ position: positionOf(inner.operand.id), negated });
    } else rest.push(filter);
  }
  return rest.length === filters.length ? null : { comparisons, flags, nulls, rest };
}

/** The value of a constant or a parameter. */
export function constantOf(run: QueryRun, expression: BoundExpression): ConstantValue | undefined {
  if (expression.kind === 'constant') return expression.value;
  return expression.kind === 'parameter' ? run.parameters[expression.index - 1]?.value : undefined;
}

/** Prepares the filter in the function: constants go into lanes once. */
export class BlockFilterCode {
  readonly #pipeline: PipelineBuilder;
  readonly #reader: ColumnReader;
  readonly #filter: BlockFilter;
  readonly #splats: readonly Local[];

  constructor(pipeline: PipelineBuilder, reader: ColumnReader, filter: BlockFilter) {
    const { f } = pipeline;
    this.#pipeline = pipeline;
    this.#reader = reader;
    this.#filter = filter;
    this.#splats = filter.comparisons.map((comparison) => {
      const address = pipeline.constant(splatBytes(comparison));
      let splat: Local | undefined;
      f.prologue(() => {
        splat = emitSplat(f, comparison, address);
      });
      return splat ?? address;
    });
  }

  /** Sets `mask` (i64) for the 64 rows from `base` (i32, a multiple of 64) on; rows past the end have any bits. */
  emit(mask: Local, base: Local): void {
    const { f } = this.#pipeline;
    const { comparisons, flags, nulls } = this.#filter;
    f.i64(-1n).set(mask);
    const present = new Set([...comparisons, ...flags].map(({ position }) => position));
    for (const position of present) if (this.#reader.column(position).hasNulls) this.#andValidity(mask, base, position, false);
    for (const { position, negated } of nulls) {
      if (this.#reader.column(position).hasNulls) this.#andValidity(mask, base, position, !negated);
      else if (!negated) f.i64(0n).set(mask);
    }
    for (const { position, negated } of flags) {
      f.get(mask);
      this.#pushWord(this.#reader.values(position), base);
      if (negated) f.i64(-1n).op('i64.xor');
      f.op('i64.and').set(mask);
    }
    if (comparisons.length > 0) this.#andComparisons(mask, base);
  }

  #andValidity(mask: Local, base: Local, position: number, inverted: boolean): void {
    const { f } = this.#pipeline;
    f.get(mask);
    this.#pushWord(this.#reader.validity(position), base);
    if (inverted) f.i64(-1n).op('i64.xor');
    f.op('i64.and').set(mask);
  }

  /** The 64 bits of a bitmap that belong to the block. */
  #pushWord(bitmap: Local, base: Local): void {
    this.#pipeline.f.get(bitmap).get(base).i32(3).op('i32.shr_u').op('i32.add').load('i64.load');
  }

  /** Four times sixteen rows: each enters the mask from above. */
  #andComparisons(mask: Local, base: Local): void {
    const { f } = this.#pipeline;
    const [row, end, found] = [f.local('i32'), f.local('i32'), f.local('i64')];
    f.get(base).tee(row).i32(64).op('i32.add').set(end);
    f.loop((again) => {
      f.get(found).i64(16n).op('i64.shr_u');
      this.#pushSixteen(row);
      f.op('i64.extend_i32_u').i64(48n).op('i64.shl').op('i64.or').set(found);
      f.get(row).i32(16).op('i32.add').tee(row).get(end).op('i32.lt_u').brIf(again);
    });
    f.get(mask).get(found).op('i64.and').set(mask);
  }

  /** Pushes the mask of the sixteen rows from `row` on as an i32. */
  #pushSixteen(row: Local): void {
    const { f } = this.#pipeline;
    const addresses = new Map<number, Local>();
    for (const { position, lane } of this.#filter.comparisons) {
      if (addresses.has(position)) continue;
      const address = f.local('i32');
      f.get(this.#reader.values(position))
        .get(row)
        .i32(lane === 'i32x4' ? 2 : 3)
        .op('i32.shl')
        .op('i32.add')
        .set(address);
      addresses.set(position, address);
    }
    const four = (quarter: number): void => this.#pushFour(addresses, quarter);
    four(0);
    four(1);
    f.op('i16x8.narrow_i32x4_s');
    four(2);
    four(3);
    f.op('i16x8.narrow_i32x4_s').op('i8x16.narrow_i16x8_s').op('i8x16.bitmask');
  }

  /** Pushes the masks of four rows in 32-bit lanes. */
  #pushFour(addresses: ReadonlyMap<number, Local>, quarter: number): void {
    const { f } = this.#pipeline;
    const narrow = this.#pushLanes(addresses, true, quarter * 16);
    const wide = this.#pushLanes(addresses, false, quarter * 32);
    if (!wide) return;
    this.#pushLanes(addresses, false, quarter * 32 + 16);
    f.shuffle(LOW_HALVES);
    if (narrow) f.op('v128.and');
  }

  /** Pushes the combined masks of the 32-bit or the 64-bit predicates over one vector; says whether there are any. */
  #pushLanes(addresses: ReadonlyMap<number, Local>, narrow: boolean, offset: number): boolean {
    const { f } = this.#pipeline;
    let any = false;
    for (const [position, address] of addresses) {
      const mine = this.#filter.comparisons.flatMap((each, i) => {
        const splat = this.#splats[i];
        const wanted = each.position === position && (each.lane === 'i32x4') === narrow;
        return wanted && splat !== undefined ? [{ predicate: each, splat }] : [];
      });
      if (mine.length === 0) continue;
      const values = f.local('v128');
      f.get(address).load('v128.load', offset).set(values);
      for (const { predicate, splat } of mine) {
        emitCompare(f, predicate, values, splat);
        if (any) f.op('v128.and');
        any = true;
      }
    }
    return any;
  }
}

/** The low 32 bits of the four 64-bit lanes of two vectors. */
const LOW_HALVES = Uint8Array.of(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
