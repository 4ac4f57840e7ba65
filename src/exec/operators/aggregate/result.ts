import type { ColumnId } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder, Row } from '../../pipeline/stream.ts';
import type { Accumulators } from './accumulators.ts';
import { emitFinish } from './emit.ts';
import { memoryAccess, type StateSlot } from './state-layout.ts';

export type Columns = ReadonlyMap<ColumnId, (row: Row) => Value>;

/** The columns of a group: its keys, and its aggregates, finished when they are asked for. */
export function groupColumns(keys: Columns, accumulators: Accumulators, slots: readonly StateSlot[], group: Local): Columns {
  const columns = new Map(keys);
  for (const planned of accumulators.calls) {
    columns.set(planned.call.output.id, (row) => emitFinish(row, memoryAccess(row.f, group, slots), planned));
  }
  return columns;
}

/** The columns of the group whose record is at an address; its parts are merged. */
export type RecordColumns = (pipeline: PipelineBuilder, record: Local) => Columns;
