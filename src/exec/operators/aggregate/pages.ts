import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import { layMorsels } from '../../pipeline/morsels.ts';
import type { PipelineBuilder, Slot, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { sequenceAt } from '../../rows/row-source.ts';
import { GROUPS, PAGE, readAddress } from './layout.ts';
import type { RecordColumns } from './result.ts';

/** The groups of the only thread that has any, page by page: in the order in which they were first seen. */
export function pageSource(run: QueryRun, block: Pointer, slot: Slot, width: number, columns: RecordColumns): Source {
  const pages: { readonly rows: number; readonly write: (words: DataView) => void }[] = [];
  const last = readAddress(run, block + slot + GROUPS.page);
  let rows = 0;
  for (let page = readAddress(run, block + slot + GROUPS.firstPage); page !== 0; page = readAddress(run, page + PAGE.next)) {
    const used = page === last ? readAddress(run, block + slot + GROUPS.next) : readAddress(run, page + PAGE.used);
    const first = page + PAGE.records;
    const count = (used - first) / width;
    pages.push({ rows: count, write: (words) => words.setUint32(0, first, true) });
    rows += count;
  }
  return {
    morsels: layMorsels(run, 4, pages),
    rows,
    node: null,
    emit(pipeline, filters, body) {
      emitRecords(pipeline, width, (record, index) => {
        body(
          pipeline.rowOf(columns(pipeline, record), () => sequenceAt(pipeline, index)),
          filters,
        );
      });
    },
  };
}

function emitRecords(pipeline: PipelineBuilder, width: number, each: (record: Local, index: Local) => void): void {
  const { f, morsel } = pipeline;
  const [record, index] = [f.local('i32'), f.local('i32')];
  f.get(morsel).load('i32.load', MORSEL.end).set(record);
  f.block((end) => {
    f.loop((next) => {
      f.get(index).get(morsel).load('i32.load', MORSEL.rows).op('i32.ge_u').brIf(end);
      each(record, index);
      f.get(record).i32(width).op('i32.add').set(record);
      f.get(index).i32(1).op('i32.add').set(index).br(next);
    });
  });
}
