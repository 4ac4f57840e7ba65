import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import {
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TEXT,
  TIMESTAMP,
  valueWidth,
} from '../../src/types/data-type.ts';
import type { Vector } from '../../src/types/vector.ts';
import { type VectorValue, valueReader } from '../../src/types/vector-read.ts';
import type { ColumnDefinition, Scan, ScanRequest, Snapshot } from '../../storage/api.ts';

export type Row = readonly VectorValue[];

export function column(name: string, type: DataType, notNull = false): ColumnDefinition {
  return { name, type, role: 'field', notNull };
}

/** One column of every type. */
export const ALL_TYPES: readonly ColumnDefinition[] = [
  column('b', { kind: 'boolean' }),
  column('i', INT32),
  column('l', INT64),
  column('f', FLOAT64),
  column('d', decimal(12, 2)),
  column('w', decimal(30, 4)),
  column('t', TEXT),
  column('u', TEXT),
  column('y', DATE),
  column('ts', TIMESTAMP),
  column('v', INTERVAL),
];

/** Reads a scan back through the layout that storage/api.ts promises, not through the engine's own readers. */
export function rowsOf(memory: SharedMemory, scan: Scan): Row[] {
  const rows: VectorValue[][] = [];
  for (const segment of scan.segments) {
    const readers = scan.columns.map(({ definition, dictionary }, i) => {
      const chunk = segment.columns[i];
      if (chunk === undefined) throw new Error('a column is missing');
      return valueReader(chunkAsVector(memory, definition.type, segment.rows, chunk, dictionary));
    });
    for (let row = 0; row < segment.rows; row++) rows.push(readers.map((read) => read(row)));
  }
  return rows;
}

function chunkAsVector(
  memory: SharedMemory,
  type: DataType,
  rows: number,
  chunk: Scan['segments'][number]['columns'][number],
  dictionary: Scan['columns'][number]['dictionary'],
): Vector {
  const buffer = memory.buffer();
  const text = (offsetsAt: number, valuesAt: number, length: number): Vector => {
    const offsets = new Int32Array(buffer, offsetsAt, length + 1);
    const values = new Uint8Array(buffer, valuesAt, offsets[length] ?? 0);
    return { type, length, validity: null, values, offsets, dictionary: null };
  };
  const validity = chunk.validity === 0 ? null : new Uint8Array(buffer, chunk.validity, (rows + 7) >> 3);
  const base = { type, length: rows, validity, offsets: null, dictionary: null };
  if (type.kind === 'text') {
    if (dictionary === null) return { ...text(chunk.offsets, chunk.values, rows), validity };
    const codes = new Int32Array(buffer, chunk.values, rows);
    for (const code of codes) if (code < 0 || code >= dictionary.size) throw new Error(`code ${code} of ${dictionary.size}`);
    return { ...base, values: codes, dictionary: text(dictionary.offsets, dictionary.values, dictionary.size) };
  }
  if (type.kind === 'boolean') return { ...base, values: new Uint8Array(buffer, chunk.values, (rows + 7) >> 3) };
  if (type.kind === 'float64') return { ...base, values: new Float64Array(buffer, chunk.values, rows) };
  if (valueWidth(type) === 4) return { ...base, values: new Int32Array(buffer, chunk.values, rows) };
  return { ...base, values: new BigInt64Array(buffer, chunk.values, (rows * valueWidth(type)) / 8) };
}

/** All rows of a table in a snapshot, and checks what the scan says about itself. */
export async function readTable(
  memory: SharedMemory,
  snapshot: Snapshot,
  table: string,
  request?: Partial<ScanRequest>,
): Promise<Row[]> {
  const definition = snapshot.table(table);
  const columns = request?.columns ?? (definition?.columns ?? []).map((_, i) => i);
  const scan = await snapshot.scan({ table, bounds: [], ...request, columns });
  try {
    const rows = rowsOf(memory, scan);
    scan.columns.forEach((scanned, i) => {
      const nulls = scan.segments.reduce((sum, { columns: chunks }) => sum + (chunks[i]?.nulls ?? 0), 0);
      const found = rows.filter((row) => row[i] === null).length;
      if (nulls !== found) throw new Error(`${scanned.definition.name}: ${nulls} NULLs promised, ${found} found`);
      if (scanned.hasNulls !== found > 0) throw new Error(`${scanned.definition.name}: hasNulls is ${scanned.hasNulls}`);
    });
    return rows;
  } finally {
    scan.release();
  }
}
