import type { NamedExpression } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { localTypes } from '../../expression/values.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import { layMorsels } from '../../pipeline/morsels.ts';
import type { Blocks, PipelineBuilder, Row, Slot, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { shapeOf } from '../../rows/build.ts';
import type { FieldShape } from '../../rows/layout.ts';
import type { PresentAccumulators } from './accumulators.ts';
import { emitMerge } from './emit.ts';
import { GROUPS, readAddress, writeWords } from './layout.ts';
import { groupColumns } from './result.ts';
import { memoryAccess, type StateSlot } from './state-layout.ts';

/**
 * Groups whose keys all have small known domains: the group is an index computed from the keys, and a thread's groups are
 * an array of states. Nothing is hashed, stored or compared.
 */
export interface DirectKey {
  readonly shape: FieldShape;
  /** The value of code 0; codes count up from it. */
  readonly min: bigint;
  /** Codes of this key, that of NULL (the last) included. */
  readonly size: number;
  readonly stride: number;
}

export interface DirectGroups {
  readonly keys: readonly DirectKey[];
  /** Product of the sizes. */
  readonly domain: number;
}

/** Domains up to this are indexed directly however few rows there are. */
const SMALL_DOMAIN = 1 << 16;
/** Larger ones only when rows are as many, up to this, and all threads' arrays together stay below LARGEST_BYTES. */
const LARGE_DOMAIN = 1 << 22;
const LARGEST_BYTES = 1 << 28;
/** A small domain may still have large states; without rows for it, clearing it would cost more than hashing. */
const SMALL_BYTES = 1 << 22;

/** How to index groups of these keys, or null when they must be hashed. */
export function planDirect(keys: readonly Value[], rows: number, stateBytes: number, threads: number): DirectGroups | null {
  const planned: DirectKey[] = [];
  let domain = 1;
  for (const value of keys) {
    const codes = codesOf(value);
    if (codes === null) return null;
    const size = codes.size + (value.isNull === null ? 0 : 1);
    planned.push({ shape: shapeOf(value), min: codes.min, size, stride: domain });
    domain *= size;
    if (domain > LARGE_DOMAIN) return null;
  }
  const bytes = domain * stateBytes;
  const small = domain <= SMALL_DOMAIN && bytes <= SMALL_BYTES;
  if (!small && (domain > rows || bytes * threads > LARGEST_BYTES)) return null;
  return { keys: planned, domain };
}

/** The values a key can have, as consecutive codes. */
function codesOf(value: Value): { readonly min: bigint; readonly size: number } | null {
  if (value.dictionary !== undefined) return { min: 0n, size: Math.max(1, value.dictionary.dictionary.size) };
  switch (value.type.kind) {
    case 'null':
      return { min: 0n, size: 0 };
    case 'boolean':
      return { min: 0n, size: 2 };
    case 'int32':
    case 'date':
    case 'int64':
    case 'timestamp':
    case 'decimal': {
      if (value.bounds === null || value.locals.length !== 1) return null;
      const { min, max } = value.bounds;
      return max - min < BigInt(LARGE_DOMAIN) ? { min, size: max < min ? 1 : Number(max - min) + 1 } : null;
    }
    default:
      return null;
  }
}

/** Emits the address of the row's group in the thread's array, which the first morsel of a thread allocates. */
export function emitDirectGroup(
  pipeline: PipelineBuilder,
  groups: DirectGroups,
  values: readonly Value[],
  slot: Slot,
  stateBytes: number,
): Local {
  const { f, local } = pipeline;
  const table = f.local('i32');
  const group = f.local('i32');
  f.prologue(() => {
    const bytes = groups.domain * stateBytes;
    f.get(local)
      .load('i32.load', slot + GROUPS.table)
      .tee(table)
      .op('i32.eqz');
    f.ifThen(() => {
      f.i32(bytes);
      pipeline.allocate();
      f.set(table).get(table).i32(0).i32(bytes).memoryFill();
      f.get(local)
        .get(table)
        .store('i32.store', slot + GROUPS.table);
    });
  });
  f.i32(0);
  groups.keys.forEach((key, i) => {
    const value = values[i];
    if (value === undefined || key.size === 1) return;
    pushCode(f, key, value);
    if (key.stride !== 1) f.i32(key.stride).op('i32.mul');
    f.op('i32.add');
  });
  f.i32(stateBytes).op('i32.mul').get(table).op('i32.add').set(group);
  return group;
}

function pushCode(f: FunctionBuilder, key: DirectKey, value: Value): void {
  const [part] = value.locals;
  if (value.isNull !== null) f.i32(key.size - 1);
  if (value.dictionary !== undefined) f.get(value.dictionary.code);
  else if (part === undefined) f.i32(0);
  else if (part.type === 'i64') f.get(part).i64(key.min).op('i64.sub').op('i32.wrap_i64');
  else {
    f.get(part);
    if (key.min !== 0n) f.i32(Number(key.min)).op('i32.sub');
  }
  if (value.isNull !== null) f.get(value.isNull).select();
}

/** Groups of a morsel of the result. */
const RANGE_GROUPS = 1 << 14;

/** A morsel of the result: groups `from` up to `to`; threads' arrays are listed at `parts`, after their number. */
const RANGE = { from: MORSEL.end, to: MORSEL.end + 4, parts: MORSEL.end + 8 } as const;
const RANGE_BYTES = 12;

/** The groups in order of their index; each is merged over the threads when its morsel is read, so that happens once. */
export function directSource(
  run: QueryRun,
  outputs: readonly NamedExpression[],
  groups: DirectGroups,
  accumulators: PresentAccumulators,
  slots: readonly StateSlot[],
  stateBytes: number,
  slot: Slot,
  blocks: Blocks,
  rows: number,
): Source {
  const tables = blocks.locals.map((local) => readAddress(run, local + slot + GROUPS.table)).filter((table) => table !== 0);
  const morsels = layRanges(run, groups.domain, tables);
  const single = tables.length <= 1;
  return {
    morsels,
    rows: Math.min(groups.domain, rows),
    node: null,
    emit(pipeline, filters, body) {
      const { f, morsel } = pipeline;
      const [index, to, parts, count] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      const [group, offset] = [f.local('i32'), f.local('i32')];
      f.get(morsel).load('i32.load', RANGE.from).set(index);
      f.get(morsel).load('i32.load', RANGE.to).set(to);
      f.get(morsel).load('i32.load', RANGE.parts).tee(parts).load('i32.load').set(count);
      const presence = memoryAccess(f, group, slots);
      f.block((end) => {
        f.loop((next) => {
          f.get(index).get(to).op('i32.ge_u').brIf(end);
          f.get(index).i32(stateBytes).op('i32.mul').set(offset);
          f.get(parts).load('i32.load', 4).get(offset).op('i32.add').set(group);
          if (!single) emitMergedGroup(pipeline, accumulators, slots, { parts, count, offset, group });
          pushPresent(f, presence.load(accumulators.presence));
          f.ifThen(() => {
            const keys = new Map(
              outputs.map(({ output }, i) => [output.id, (row: Row) => keyValue(row.f, groups.keys[i], index)] as const),
            );
            const columns = groupColumns(keys, accumulators, slots, group);
            const sequence = (row: Row): Local => {
              const local = row.f.local('i64');
              row.f.get(index).op('i64.extend_i32_u').set(local);
              return local;
            };
            body(pipeline.rowOf(columns, sequence), filters);
          });
          f.get(index).i32(1).op('i32.add').set(index).br(next);
        });
      });
    },
  };
}

function layRanges(run: QueryRun, domain: number, tables: readonly Pointer[]): readonly Pointer[] {
  if (tables.length === 0) return [];
  const parts = run.allocate(4 + tables.length * 4, 'aggregation');
  run.memory.i32(parts, 1 + tables.length).set([tables.length, ...tables]);
  const ranges = Array.from({ length: Math.ceil(domain / RANGE_GROUPS) }, (_, i) => {
    const from = i * RANGE_GROUPS;
    const to = Math.min(domain, from + RANGE_GROUPS);
    const write = (words: DataView): void => writeWords(words, [from, to, parts]);
    return { rows: to - from, write };
  });
  return layMorsels(run, RANGE_BYTES, ranges);
}

/** Folds the group of all other threads into that of the first. */
function emitMergedGroup(
  pipeline: PipelineBuilder,
  accumulators: PresentAccumulators,
  slots: readonly StateSlot[],
  at: { readonly parts: Local; readonly count: Local; readonly offset: Local; readonly group: Local },
): void {
  const { f } = pipeline;
  const [part, other] = [f.local('i32'), f.local('i32')];
  f.i32(1).set(part);
  f.block((end) => {
    f.loop((next) => {
      f.get(part).get(at.count).op('i32.ge_u').brIf(end);
      f.get(part).i32(2).op('i32.shl').get(at.parts).op('i32.add').load('i32.load', 4);
      f.get(at.offset).op('i32.add').set(other);
      const from = memoryAccess(f, other, slots);
      pushPresent(f, from.load(accumulators.presence));
      f.ifThen(() => {
        const into = memoryAccess(f, at.group, slots);
        emitMerge(pipeline.rowOf(new Map()), accumulators, into, from);
        if (accumulators.marked) into.store(accumulators.presence, from.load(accumulators.presence));
      });
      f.get(part).i32(1).op('i32.add').set(part).br(next);
    });
  });
}

function pushPresent(f: FunctionBuilder, [low]: readonly Local[]): void {
  if (low === undefined) f.i32(1);
  else
    f.get(low)
      .op(low.type === 'i64' ? 'i64.eqz' : 'i32.eqz')
      .op('i32.eqz');
}

/** The key's value in the group of an index. */
function keyValue(f: FunctionBuilder, key: DirectKey | undefined, index: Local): Value {
  if (key === undefined) return { type: { kind: 'null' }, locals: [], isNull: null, bounds: null };
  const { shape, min, size, stride } = key;
  const code = f.local('i32');
  f.get(index);
  if (stride !== 1) f.i32(stride).op('i32.div_u');
  f.i32(size).op('i32.rem_u').set(code);
  let isNull: Local | null = null;
  if (shape.nullable) {
    isNull = f.local('i32');
    f.get(code)
      .i32(size - 1)
      .op('i32.eq')
      .set(isNull);
  }
  // under a NULL there must still be a valid value: a code of the dictionary, a boolean of one bit, an integer within bounds
  if (isNull !== null) f.i32(0).get(code).get(isNull).select().set(code);
  if (shape.dictionary !== null) {
    return { type: shape.type, locals: [], isNull, bounds: null, dictionary: { code, dictionary: shape.dictionary } };
  }
  const [type] = localTypes(shape.type, shape.bounds);
  if (type === undefined) return { type: shape.type, locals: [], isNull, bounds: null };
  const value = f.local(type);
  if (type === 'i64') f.get(code).op('i64.extend_i32_u').i64(min).op('i64.add').set(value);
  else f.get(code).i32(Number(min)).op('i32.add').set(value);
  return { type: shape.type, locals: [value], isNull, bounds: shape.bounds };
}
