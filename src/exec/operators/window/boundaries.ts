import type { Pointer } from '../../../memory/shared-memory.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowLayout } from '../../rows/layout.ts';
import { compareRoutine } from '../sort/compare.ts';
import type { RecordKey } from '../sort/keys.ts';
import { ENTRY_BYTES } from '../sort/runs.ts';

/** Where partitions and groups of peers begin in sorted rows: row numbers, the last one the number of rows. */
export interface Boundaries {
  readonly partitionStarts: Int32Array;
  readonly peerStarts: Int32Array;
}

const NEW_PEER = 1;
const NEW_PARTITION = 2;
/** Rows of a task. */
const TASK_ROWS = 1 << 14;

/** Compares every row with the one before it; NULL equals NULL, and NaN equals NaN. */
export async function findBoundaries(
  run: QueryRun,
  entries: Pointer,
  rows: number,
  layout: RowLayout,
  partitionKeys: readonly RecordKey[],
  orderKeys: readonly RecordKey[],
): Promise<Boundaries> {
  const flags = run.allocateZeroed(rows, 'a window');
  let slot = 0;
  await run.parallel(
    'window_boundaries',
    Math.ceil(rows / TASK_ROWS),
    rows,
    (blocks) => {
      slot = blocks.shared(16);
    },
    (pipeline, task) => {
      const { f, shared, local } = pipeline;
      const [entry, end, flag] = [f.local('i32'), f.local('i32'), f.local('i32')];
      const [record, before] = [f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).get(task).i32(TASK_ROWS).op('i32.mul').tee(end).i32(ENTRY_BYTES).op('i32.mul');
      f.op('i32.add').set(entry);
      f.get(shared)
        .load('i32.load', slot + 4)
        .get(end)
        .op('i32.add')
        .set(flag);
      f.get(entry)
        .i32(TASK_ROWS * ENTRY_BYTES)
        .op('i32.add')
        .set(end);
      f.get(end)
        .get(shared)
        .load('i32.load', slot + 8);
      f.get(end)
        .get(shared)
        .load('i32.load', slot + 8);
      f.op('i32.lt_u').select().set(end);
      const differs = [
        { keys: partitionKeys, flag: NEW_PARTITION },
        { keys: orderKeys, flag: NEW_PEER },
      ].map(({ keys, flag: value }) => ({ value, compare: compareRoutine(pipeline, layout, keys, {}) }));
      f.block((done) => {
        f.loop((next) => {
          f.get(entry).get(end).op('i32.ge_u').brIf(done);
          f.get(entry).get(shared).load('i32.load', slot).op('i32.ne');
          f.ifThen(() => {
            f.get(entry).load('i32.load').set(record);
            f.get(entry).i32(ENTRY_BYTES).op('i32.sub').load('i32.load').set(before);
            f.block((decided) => {
              for (const { value, compare } of differs) {
                f.get(shared).get(local).get(before).get(record).call(compare);
                f.ifThen(() => f.get(flag).i32(value).store('i32.store8').br(decided));
              }
            });
          });
          f.get(flag).i32(1).op('i32.add').set(flag);
          f.get(entry).i32(ENTRY_BYTES).op('i32.add').set(entry).br(next);
        });
      });
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 3).set([entries, flags, entries + rows * ENTRY_BYTES]);
    },
  );
  return starts(run.memory.bytes(flags, rows));
}

function starts(flags: Uint8Array): Boundaries {
  const partitions = [0];
  const peers = [0];
  for (let row = 1; row < flags.length; row++) {
    const flag = flags[row];
    if (flag === 0) continue;
    peers.push(row);
    if (flag === NEW_PARTITION) partitions.push(row);
  }
  partitions.push(flags.length);
  peers.push(flags.length);
  return { partitionStarts: Int32Array.from(partitions), peerStarts: Int32Array.from(peers) };
}
