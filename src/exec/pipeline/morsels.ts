import type { Pointer } from '../../memory/shared-memory.ts';
import type { QueryRun } from '../query-run.ts';
import { MORSEL } from './blocks.ts';

export interface MorselDescription {
  readonly rows: number;
  /** Writes what the source keeps of the morsel, behind its fixed beginning. */
  readonly write: (rest: DataView) => void;
}

/** Lays descriptors into the run's memory, `bytes` of the source's own in each; gives their addresses. */
export function layMorsels(run: QueryRun, bytes: number, morsels: readonly MorselDescription[]): readonly Pointer[] {
  if (morsels.length === 0) return [];
  const stride = (MORSEL.end + bytes + 7) & ~7;
  const base = run.allocate(stride * morsels.length, 'morsels');
  const view = new DataView(run.memory.buffer(), base, stride * morsels.length);
  let sequence = 0n;
  return morsels.map(({ rows, write }, i) => {
    view.setInt32(i * stride + MORSEL.rows, rows, true);
    view.setBigInt64(i * stride + MORSEL.sequence, sequence, true);
    write(new DataView(view.buffer, base + i * stride + MORSEL.end, bytes));
    sequence += BigInt(rows);
    return base + i * stride;
  });
}
