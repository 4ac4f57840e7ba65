import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, type KernelInput, once, pushElement } from '../kernel.ts';

/** One label of all rows: int32 codes into `values`; NULL (by `validity`, 0: none) and the code `empty` are an absent label. */
export interface CodedLabel {
  readonly codes: Pointer;
  readonly validity: Pointer;
  readonly values: readonly string[];
  readonly empty: number;
}

export interface AssignedSeries {
  /** int32 per row: the number of its series. */
  readonly ids: Pointer;
  /** Codes of each series' labels, −1 where absent. */
  readonly keys: readonly (readonly number[])[];
  /** Rows of each series. */
  readonly counts: readonly number[];
}

const FIRST_LIMIT = 1 << 14;
const GROWTH = 8;
/** Murmur3's finalizer constants. */
const MIX_1 = 0x85ebca6b | 0;
const MIX_2 = 0xc2b2ae35 | 0;

/** Numbers the label sets of the rows in order of first appearance: a hash table over tuples of codes. */
export async function assignSeries(run: QueryRun, labels: readonly CodedLabel[], rows: number): Promise<AssignedSeries> {
  const ids = run.allocate(rows * 4 + 4, 'series numbers');
  for (let limit = Math.min(FIRST_LIMIT, rows); ; limit = Math.min(rows, limit * GROWTH)) {
    const found = await tryAssign(run, labels, rows, ids, limit);
    if (found !== undefined) return { ids, ...found };
  }
}

/** Undefined when there are more than `limit` series. */
async function tryAssign(
  run: QueryRun,
  labels: readonly CodedLabel[],
  rows: number,
  ids: Pointer,
  limit: number,
): Promise<Omit<AssignedSeries, 'ids'> | undefined> {
  const slots = 2 ** Math.ceil(Math.log2(limit * 2 + 1));
  const width = Math.max(1, labels.length);
  const table = run.allocateZeroed(slots * 4, 'series numbers');
  const keys = run.allocate(limit * width * 4, 'series labels');
  const counts = run.allocateZeroed(limit * 4, 'series sizes');
  const state = run.allocateZeroed(8, 'series numbers');
  const perLabel: Record<string, KernelInput> = {};
  labels.forEach((label, i) => {
    perLabel[`codes${i}`] = address(label.codes);
    perLabel[`validity${i}`] = address(label.validity);
    perLabel[`empty${i}`] = count(label.empty);
  });
  const inputs = {
    ...perLabel,
    rows: count(rows),
    ids: address(ids),
    table: address(table),
    mask: count(slots - 1),
    keys: address(keys),
    counts: address(counts),
    limit: count(limit),
    state: address(state),
  };
  await once(run, 'assign_series', rows, inputs, ({ f, input }) => {
    const wanted = (name: string): Local => input[name as keyof typeof inputs];
    const row = f.local('i32');
    const series = f.local('i32');
    const known = f.local('i32');
    const codes = labels.map(() => f.local('i32'));
    f.i32(-1).set(series);
    f.block((full) => {
      countUp(f, row, input.rows, () => {
        codes.forEach((code, i) => {
          loadCode(f, code, wanted(`codes${i}`), wanted(`validity${i}`), wanted(`empty${i}`), row);
        });
        // Rows of one series often follow each other.
        f.block((done) => {
          pushSame(f, codes, input.keys, series);
          f.get(series).i32(0).op('i32.ge_s').op('i32.and').brIf(done);
          find(f, codes, input, series, known, full);
        });
        pushElement(f, input.ids, row, 2).get(series).store('i32.store');
        const total = f.local('i32');
        pushElement(f, input.counts, series, 2).tee(total).get(total).load('i32.load').i32(1).op('i32.add').store('i32.store');
      });
      f.get(input.state).get(known).store('i32.store');
      f.get(input.state).i32(1).store('i32.store', 4);
    });
  });
  const [series = 0, complete = 0] = run.memory.i32(state, 2);
  if (complete === 0) return undefined;
  const flat = run.memory.i32(keys, series * width);
  return {
    keys: Array.from({ length: series }, (_, s) => labels.map((_label, i) => flat[s * width + i] ?? -1)),
    counts: [...run.memory.i32(counts, series)],
  };
}

/** −1 for NULL and for the empty text. */
function loadCode(f: FunctionBuilder, code: Local, codes: Local, validity: Local, empty: Local, row: Local): void {
  pushElement(f, codes, row, 2).load('i32.load').set(code);
  f.get(code)
    .get(empty)
    .op('i32.eq')
    .ifThen(() => f.i32(-1).set(code));
  f.get(validity).ifThen(() => {
    f.get(validity).get(row).i32(3).op('i32.shr_u').op('i32.add').load('i32.load8_u');
    f.get(row)
      .i32(7)
      .op('i32.and')
      .op('i32.shr_u')
      .i32(1)
      .op('i32.and')
      .op('i32.eqz')
      .ifThen(() => f.i32(-1).set(code));
  });
}

/** Pushes whether the codes are those of `series`; of series −1 it reads harmless memory before the keys' end. */
function pushSame(f: FunctionBuilder, codes: readonly Local[], keys: Local, series: Local): void {
  const key = f.local('i32');
  f.get(series)
    .i32(0)
    .get(series)
    .i32(0)
    .op('i32.ge_s')
    .select()
    .i32(Math.max(1, codes.length) * 4)
    .op('i32.mul')
    .get(keys)
    .op('i32.add')
    .set(key);
  f.i32(1);
  codes.forEach((code, i) => {
    f.get(key)
      .load('i32.load', i * 4)
      .get(code)
      .op('i32.eq')
      .op('i32.and');
  });
}

/** Sets `series` to the number of the label set, a new one when it is new; leaves by `full` when there is no room. */
function find(
  f: FunctionBuilder,
  codes: readonly Local[],
  input: Readonly<Record<'table' | 'mask' | 'keys' | 'limit', Local>>,
  series: Local,
  known: Local,
  full: { readonly depth: number },
): void {
  const hash = f.local('i32');
  const slot = f.local('i32');
  f.i32(codes.length).set(hash);
  for (const code of codes) {
    f.get(hash).get(code).op('i32.xor').i32(MIX_1).op('i32.mul').set(hash);
    f.get(hash).get(hash).i32(13).op('i32.shr_u').op('i32.xor').i32(MIX_2).op('i32.mul').set(hash);
    f.get(hash).get(hash).i32(16).op('i32.shr_u').op('i32.xor').set(hash);
  }
  f.block((found) => {
    f.loop((again) => {
      f.get(input.table).get(hash).get(input.mask).op('i32.and').i32(2).op('i32.shl').op('i32.add').tee(slot);
      f.load('i32.load').i32(1).op('i32.sub').set(series);
      f.get(series)
        .i32(0)
        .op('i32.lt_s')
        .ifThen(() => {
          f.get(known).get(input.limit).op('i32.ge_s').brIf(full);
          f.get(known).set(series);
          f.get(known).i32(1).op('i32.add').tee(known);
          const next = f.local('i32');
          f.set(next).get(slot).get(next).store('i32.store');
          const key = f.local('i32');
          f.get(series)
            .i32(Math.max(1, codes.length) * 4)
            .op('i32.mul')
            .get(input.keys)
            .op('i32.add')
            .set(key);
          codes.forEach((code, i) => {
            f.get(key)
              .get(code)
              .store('i32.store', i * 4);
          });
          f.br(found);
        });
      pushSame(f, codes, input.keys, series);
      f.brIf(found);
      f.get(hash).i32(1).op('i32.add').set(hash).br(again);
    });
  });
}
