import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import { part, textOf } from '../../expression/values.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { RecordKey } from './keys.ts';
import { pushKeyWord } from './prefix.ts';
import { emitPasses, emitStretches } from './radix.ts';
import { ENTRY_BYTES, emitSortRun } from './runs.ts';

/** Fewer bytes of entries than this are sorted by comparing. */
const FEW_BYTES = 1024 * ENTRY_BYTES;
const WORD = 4;

export interface TieWork {
  readonly layout: RowLayout;
  /** `(a, b) -> order` of records whose prefixes are equal. */
  readonly compare: FunctionRef;
  /** The key whose next bytes may tell more, when it is text. */
  readonly text: RecordKey | null;
}

/**
 * `(start, end, scratch, counters, offset)`: sorts entries whose prefixes are equal. What is in order already is left alone.
 * Long texts are sorted word by word from byte `offset` on (MSD radix sort), few entries by comparing.
 */
export function sortTiesRoutine(pipeline: PipelineBuilder, work: TieWork): FunctionRef {
  return pipeline.routine('sort_ties', ['i32', 'i32', 'i32', 'i32', 'i32'], [], (routine) => {
    const { f, shared, local } = routine;
    const [start, end, scratch, counters, offset] = [f.param(2), f.param(3), f.param(4), f.param(5), f.param(6)];
    emitReturnIfSorted(routine, start, end, work.compare);
    const { text } = work;
    if (text === null) {
      emitSortRun(routine, start, end, scratch, work.compare);
      return;
    }
    const prefix = f.local('i32');
    f.get(start).load('i32.load', WORD).set(prefix);
    f.block((compared) => {
      emitRefill(routine, work.layout, text, start, end, offset);
      // no text goes on: the rest of the order is in other keys
      f.op('i32.eqz').brIf(compared);
      f.get(offset).i32(WORD).op('i32.add').set(offset);
      f.get(end).get(start).op('i32.sub').i32(FEW_BYTES).op('i32.lt_u').brIf(compared);
      emitPasses(routine, start, end, scratch, counters);
      emitStretches(routine, start, end, (first, last) => {
        f.get(shared).get(local).get(first).get(last).get(scratch).get(counters).get(offset).call(f);
      });
      emitSetPrefix(routine, start, end, prefix);
      f.return_();
    });
    emitSortRun(routine, start, end, scratch, work.compare);
    emitSetPrefix(routine, start, end, prefix);
  });
}

function emitReturnIfSorted({ f, shared, local }: PipelineBuilder, start: Local, end: Local, compare: FunctionRef): void {
  const at = f.local('i32');
  f.get(start).i32(ENTRY_BYTES).op('i32.add').set(at);
  f.block((unsorted) => {
    f.loop((next) => {
      f.get(at)
        .get(end)
        .op('i32.ge_u')
        .ifThen(() => f.return_());
      f.get(shared).get(local).get(at).i32(ENTRY_BYTES).op('i32.sub').load('i32.load').get(at).load('i32.load').call(compare);
      f.i32(0).op('i32.gt_s').brIf(unsorted);
      f.get(at).i32(ENTRY_BYTES).op('i32.add').set(at).br(next);
    });
  });
}

/** Puts the texts' next word in place of the prefix; leaves 1 when some text reaches behind `offset`. */
function emitRefill(routine: PipelineBuilder, layout: RowLayout, key: RecordKey, start: Local, end: Local, offset: Local): void {
  const { f } = routine;
  const [entry, record, more] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.i32(0).set(more).get(start).set(entry);
  f.loop((next) => {
    f.get(entry).load('i32.load').set(record);
    const value = rowCode.load(routine, key.field, layout, record);
    const row = routine.rowOf(new Map());
    f.get(entry);
    pushKeyWord(row, key, value, offset);
    f.store('i32.store', WORD);
    f.get(part(textOf(f, value), 1))
      .get(offset)
      .op('i32.gt_s');
    if (value.isNull !== null) f.get(value.isNull).op('i32.gt_s');
    f.get(more).op('i32.or').set(more);
    f.get(entry).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(end).op('i32.lt_u').brIf(next);
  });
  f.get(more);
}

function emitSetPrefix({ f }: PipelineBuilder, start: Local, end: Local, prefix: Local): void {
  const entry = f.local('i32');
  f.get(start).set(entry);
  f.loop((next) => {
    f.get(entry).get(prefix).store('i32.store', WORD);
    f.get(entry).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(end).op('i32.lt_u').brIf(next);
  });
}
