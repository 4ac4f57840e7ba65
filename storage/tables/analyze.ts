import { setImmediate } from 'node:timers/promises';
import type { Vector } from '../../src/types/vector.ts';
import { valueReader } from '../../src/types/vector-read.ts';
import type { Scalar } from '../api.ts';
import { getBit } from '../segments/bits.ts';
import { chunkVector } from '../segments/chunk.ts';
import { countDistinct } from '../segments/distinct.ts';
import { HyperLogLog } from '../segments/hyperloglog.ts';
import type { TablesCore } from './core.ts';
import { histogramOf, mostCommonOf, type Present, runsOf, Sampler } from './sample.ts';
import type { TableScan } from './scan.ts';
import { tableOf, VersionSnapshot } from './snapshot.ts';
import { forgetStatistics } from './statistics.ts';
import type { ColumnAnalysis } from './table-store.ts';
import type { TableVersion } from './version.ts';

/** Values of a column that are looked at one by one: PostgreSQL's 300 rows per histogram bound (analyze.c). */
const SAMPLE = 30_000;

/** Looks at the whole table once, a segment at a time so that others get their turn. Throws 42P01. */
export async function analyzeTable(core: TablesCore, name: string): Promise<void> {
  const snapshot = new VersionSnapshot(core, core.published);
  try {
    const table = tableOf(snapshot.version, name);
    const columns: ColumnAnalysis[] = [];
    for (const [column] of table.definition.columns.entries()) {
      const scan = await snapshot.scan({ table: name, columns: [column], bounds: [] });
      try {
        columns.push(await analyzeColumn(core, table, column, scan));
      } finally {
        scan.release();
      }
    }
    table.store.analysis = { rows: table.rows, columns };
    forgetStatistics(table);
    const current = core.published.tables.get(name);
    if (current !== undefined) forgetStatistics(current);
  } finally {
    snapshot.release();
  }
}

/** `scan` delivers just this column. */
async function analyzeColumn(core: TablesCore, table: TableVersion, column: number, scan: TableScan): Promise<ColumnAnalysis> {
  const type = table.definition.columns[column]?.type ?? { kind: 'null' };
  const form = table.forms[column] ?? null;
  const used = form === null ? null : new Uint8Array(form.size);
  const sketch = new HyperLogLog();
  const sample: Present[] = [];
  const step = Math.max(1, Math.ceil(table.rows / SAMPLE));
  let present = 0;
  const sampler = new Sampler(step);
  for (const { rows, columns } of scan.segments) {
    const [chunk] = columns;
    if (chunk === undefined) continue;
    const vector = chunkVector(core.memory, chunk, type, rows);
    present += rows - chunk.nulls;
    if (used === null) countDistinct(sketch, vector, 0, rows);
    else markCodes(used, vector);
    const read = valueReader(vector);
    for (const row of sampler.rows(rows)) {
      const value: Scalar | object = read(row);
      if (value !== null && typeof value !== 'object') sample.push(value);
    }
    await setImmediate();
  }
  const runs = runsOf(sample);
  const complete = step === 1 && type.kind !== 'interval';
  const counted = used === null ? sketch.estimate() : used.reduce((sum, one) => sum + one, 0);
  return {
    distinct: complete ? runs.length : counted,
    mostCommon: mostCommonOf(runs, sample.length, table.rows === 0 ? 0 : present / table.rows, complete),
    histogram: histogramOf(sample),
  };
}

function markCodes(used: Uint8Array, { values, validity, length }: Vector): void {
  for (let row = 0; row < length; row++) {
    if (validity === null || getBit(validity, row)) used[Number(values[row])] = 1;
  }
}
