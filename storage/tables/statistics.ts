import { valueWidth } from '../../src/types/data-type.ts';
import type { ColumnStatistics, TableStatistics } from '../api.ts';
import { type Bounds, hasBounds, mergeBounds, NO_BOUNDS } from '../segments/zone-map.ts';
import { segmentsOf, type TableVersion } from './version.ts';

/** ANALYZE's count of distinct values is better than the sketch's until the table has grown by a tenth. */
const FRESH = 1.1;

const known = new WeakMap<TableVersion, TableStatistics>();

/** Rows, NULLs and bounds are exact for the version; distinct counts and what ANALYZE found are the table's latest. */
export function statisticsOf(table: TableVersion): TableStatistics {
  const statistics = known.get(table) ?? compute(table);
  known.set(table, statistics);
  return statistics;
}

/** After ANALYZE. */
export function forgetStatistics(table: TableVersion): void {
  known.delete(table);
}

function compute(table: TableVersion): TableStatistics {
  return { rows: table.rows, columns: table.definition.columns.map((_, column) => columnStatistics(table, column)) };
}

function columnStatistics(table: TableVersion, column: number): ColumnStatistics {
  let nulls = 0;
  let textBytes = 0;
  let bounds: Bounds = NO_BOUNDS;
  let unknown = false;
  for (const segment of segmentsOf(table)) {
    const summary = segment.slots[column]?.summary;
    if (summary === undefined) {
      nulls += segment.rows;
      continue;
    }
    nulls += summary.nulls;
    textBytes += summary.textBytes;
    if (summary.min === null && summary.nulls < segment.rows) unknown = true;
    bounds = mergeBounds(bounds, { min: summary.min, max: summary.max, hasNaN: false });
  }
  const type = table.definition.columns[column]?.type;
  const exact = type !== undefined && hasBounds(type) && !unknown;
  const present = Math.max(1, table.rows - nulls);
  const dictionary = table.forms[column] ?? null;
  const width = type === undefined ? 0 : valueWidth(type);
  const textWidth = dictionary === null ? textBytes / present : dictionary.bytes / Math.max(1, dictionary.size);
  const analysis = table.store.analysis?.columns[column];
  const fresh = table.rows <= (table.store.analysis?.rows ?? 0) * FRESH;
  return {
    nulls,
    distinct: Math.min(present, analysis !== undefined && fresh ? analysis.distinct : table.store.distinct(column)),
    min: exact ? bounds.min : null,
    max: exact ? bounds.max : null,
    mostCommon: analysis?.mostCommon ?? [],
    histogram: analysis?.histogram ?? [],
    width: type?.kind === 'text' ? textWidth : Math.max(width, 1),
  };
}
