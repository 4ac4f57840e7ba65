import type { TablesCore } from '../tables/core.ts';
import type { TableVersion } from '../tables/version.ts';
import { parseDocument } from './documents.ts';
import { corrupt } from './frame.ts';
import { keyOf, numbersOf, rangeOf } from './keys.ts';
import type { Pair } from './messages.ts';
import { type RestoredTable, restoreTable } from './restore-table.ts';
import { segmentRemoval, tableRemoval } from './table-journal.ts';
import type { WorkerClient } from './worker-client.ts';

/** Brings back every table of the store and removes what no committed table owns. Throws XX001 naming the key. */
export async function restoreTables(core: TablesCore, client: WorkerClient): Promise<RestoredTable[]> {
  const ends = byTable(await client.range(rangeOf('e')));
  const statistics = byTable(await client.range(rangeOf('k')));
  const segments = byTable(await client.range(rangeOf('s')));
  const dictionaries = byTable(await client.range(rangeOf('d')));
  const restored: RestoredTable[] = [];
  const versions = new Map<string, TableVersion>();
  const known = new Set<number>();
  for (const [key, payload] of await client.range(rangeOf('t'))) {
    const [id = 0] = numbersOf(key);
    known.add(id);
    const [end] = ends.get(id) ?? [];
    if (end === undefined) throw corrupt(keyOf('e', id), 'it is missing');
    const table = restoreTable(core, {
      id,
      document: parseDocument(key, payload, 't'),
      end: parseDocument(end[0], end[1], 'e'),
      statistics: statistics.get(id)?.[0],
      segments: segments.get(id) ?? [],
      dictionaries: dictionaries.get(id) ?? [],
      records: await client.range(rangeOf('l', id)),
    });
    restored.push(table);
    versions.set(table.version.definition.name, table.version);
  }
  core.drain();
  const strangers = [ends, statistics, segments, dictionaries]
    .flatMap((tables) => [...tables.keys()])
    .filter((id) => !known.has(id));
  core.restore({ tables: versions }, Math.max(0, ...known, ...strangers));
  const entries = restored.flatMap(({ orphans }) => orphans);
  for (const id of new Set(strangers)) {
    const lost = (segments.get(id) ?? []).flatMap(([key, payload]) =>
      segmentRemoval(id, numbersOf(key)[1] ?? 0, parseDocument(key, payload, 's').columns.length),
    );
    entries.push(...lost, ...tableRemoval(id));
  }
  if (entries.length > 0) await client.write(entries);
  return restored;
}

function byTable(pairs: readonly Pair[]): Map<number, Pair[]> {
  const tables = new Map<number, Pair[]>();
  for (const pair of pairs) {
    const [table = 0] = numbersOf(pair[0]);
    const known = tables.get(table);
    if (known === undefined) tables.set(table, [pair]);
    else known.push(pair);
  }
  return tables;
}
