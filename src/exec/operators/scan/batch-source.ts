import type { Column } from '../../../../planner/expression.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Batch, Vector } from '../../../types/vector.ts';
import type { QueryRun } from '../../query-run.ts';
import { type ColumnSource, columnSource } from './column-source.ts';
import type { ColumnPlace } from './columns.ts';

/** A source over batches that JavaScript made: plain vectors, copied into the run's memory. */
export function batchSource(
  run: QueryRun,
  columns: readonly Column[],
  batches: readonly Batch[],
  node: number | null,
): ColumnSource {
  const sources = columns.map((column, i) => ({
    column,
    dictionary: null,
    hasNulls: batches.some((batch) => (batch.columns[i]?.validity ?? null) !== null),
    bounds: null,
  }));
  const segments = batches.map(({ length, columns: vectors }) => ({
    rows: length,
    columns: vectors.map((vector) => layVector(run, vector)),
  }));
  return columnSource(run, sources, segments, node);
}

function layVector(run: QueryRun, { validity, values, offsets, length }: Vector): ColumnPlace {
  return {
    validity: validity === null ? 0 : layBytes(run, validity, ((length + 63) >> 6) << 3),
    values: layBytes(run, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), values.byteLength),
    offsets: offsets === null ? 0 : layBytes(run, new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength), 0),
  };
}

/** Copies the bytes; at least `readable` bytes can be read there, and whole blocks of 64 values of the widest type. */
function layBytes(run: QueryRun, bytes: Uint8Array, readable: number): Pointer {
  const address = run.allocate(Math.max(bytes.length, readable) + PADDING, 'rows from outside');
  run.memory.u8().set(bytes, address);
  return address;
}

/** 63 values of 16 bytes, rounded up. */
const PADDING = 1024;
