import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import { type DataType, valueWidth } from '../../src/types/data-type.ts';
import type { Values, Vector } from '../../src/types/vector.ts';
import type { ColumnChunk } from '../api.ts';
import type { Dictionary } from './dictionary.ts';

/** One column of one segment in shared memory: immutable for as many rows as its segment has. */
export interface Chunk extends ColumnChunk {
  /** Bytes of plain text; 0 for everything else. */
  readonly textBytes: number;
  /** Present: the values are codes into it. */
  readonly dictionary: Dictionary | null;
}

/** Bytes that a scan of the chunk reads. */
export function chunkBytes(chunk: Chunk, type: DataType, rows: number): number {
  const validity = chunk.validity === 0 ? 0 : (rows + 7) >> 3;
  if (type.kind === 'text') return validity + rows * 4 + chunk.textBytes;
  return validity + (type.kind === 'boolean' ? (rows + 7) >> 3 : rows * valueWidth(type));
}

/** A view of the chunk's rows [0, rows) as a vector; coded text refers to `dictionary` of the view. */
export function chunkVector(memory: SharedMemory, chunk: Chunk, type: DataType, rows: number): Vector {
  return {
    type,
    length: rows,
    validity: chunk.validity === 0 ? null : memory.bytes(chunk.validity, (rows + 7) >> 3),
    values: chunkValues(memory, chunk, type, rows),
    offsets: chunk.offsets === 0 ? null : memory.i32(chunk.offsets, rows + 1),
    dictionary: chunk.dictionary?.vector() ?? null,
  };
}

function chunkValues(memory: SharedMemory, chunk: Chunk, type: DataType, rows: number): Values {
  const at: Pointer = chunk.values;
  if (chunk.dictionary !== null) return memory.i32(at, rows);
  switch (type.kind) {
    case 'boolean':
      return memory.bytes(at, (rows + 7) >> 3);
    case 'text':
      return memory.bytes(at, chunk.textBytes);
    case 'int32':
    case 'date':
      return memory.i32(at, rows);
    case 'float64':
      return memory.f64(at, rows);
    case 'null':
      return new Uint8Array(0);
    default:
      return memory.i64(at, (rows * valueWidth(type)) >> 3);
  }
}
