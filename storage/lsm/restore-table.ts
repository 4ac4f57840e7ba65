import { nullVector } from '../../src/types/vector-build.ts';
import { SEGMENT_ROWS, type TableDefinition } from '../api.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import { countDistinct } from '../segments/distinct.ts';
import type { Segment } from '../segments/segment.ts';
import { SegmentBuilder } from '../segments/segment-builder.ts';
import type { TablesCore } from '../tables/core.ts';
import { TableStore, typesOf } from '../tables/table-store.ts';
import { newSchema, type TableVersion } from '../tables/version.ts';
import { joinPieces } from './dictionary-pieces.ts';
import { type LogEnd, parseDocument, restoreStatistics, segmentOfDocument, type TableDocument } from './documents.ts';
import { corrupt } from './frame.ts';
import { keyOf, numbersOf } from './keys.ts';
import type { Entry, Pair } from './messages.ts';
import { decodeRecord } from './record-codec.ts';
import { type ClosedRange, type OpenRecord, type StoredDictionary, segmentRemoval, TableJournal } from './table-journal.ts';

/** Everything stored of one table except its column chunks. */
export interface StoredTable {
  readonly id: number;
  readonly document: TableDocument;
  readonly end: LogEnd;
  readonly statistics: Pair | undefined;
  readonly segments: readonly Pair[];
  readonly dictionaries: readonly Pair[];
  readonly records: readonly Pair[];
}

export interface RestoredTable {
  readonly version: TableVersion;
  readonly journal: TableJournal;
  /** Log ranges that were not stored as segments in time. */
  readonly closed: readonly ClosedRange[];
  /** Removes what nothing refers to: left by transactions that never committed. */
  readonly orphans: readonly Entry[];
}

/** Builds the table in memory: stored segments without their data, log records as rows. Throws XX001, 53200. */
export function restoreTable(core: TablesCore, stored: StoredTable): RestoredTable {
  return new Restoration(core, stored).run();
}

class Restoration {
  readonly #core: TablesCore;
  readonly #stored: StoredTable;
  readonly #definition: TableDefinition;
  readonly #forms: (Dictionary | null)[];
  readonly #dictionaries = new Map<Dictionary, StoredDictionary>();
  readonly #store: TableStore;
  readonly #records: Map<number, Pair>;
  readonly #closed: ClosedRange[] = [];
  #builder: SegmentBuilder | null = null;
  #open: OpenRecord[] = [];
  #rows = 0;

  constructor(core: TablesCore, stored: StoredTable) {
    this.#core = core;
    this.#stored = stored;
    const { name, columns, dictionaries } = stored.document;
    this.#definition = { name, columns };
    this.#forms = columns.map((_, column) => this.#loadDictionary(dictionaries[column] ?? null));
    this.#store = new TableStore(stored.id, this.#forms);
    if (stored.statistics !== undefined) {
      restoreStatistics(this.#store, parseDocument(stored.statistics[0], stored.statistics[1], 'k'));
    }
    this.#records = new Map(stored.records.map((pair) => [numbersOf(pair[0])[1] ?? 0, pair]));
  }

  run(): RestoredTable {
    const { id, document, end } = this.#stored;
    const sealed: Segment[] = [];
    for (const part of document.parts) {
      if ('segment' in part) sealed.push(this.#storedSegment(part.segment));
      else sealed.push(this.#replayClosed(part));
    }
    this.#replay(document.openFrom, end.next);
    this.#store.builder = this.#builder;
    const open = this.#builder?.view() ?? null;
    if (this.#rows !== end.rows) throw corrupt(keyOf('e', id), `the table has ${this.#rows} of ${end.rows} rows`);
    const [unexpected] = this.#records.values();
    if (unexpected !== undefined) throw corrupt(unexpected[0], 'the table does not know of it');
    const version: TableVersion = {
      store: this.#store,
      schema: newSchema(),
      definition: this.#definition,
      forms: this.#forms,
      sealed,
      open,
      rows: this.#rows,
    };
    const used = { segment: lastNumber(this.#stored.segments), dictionary: lastNumber(this.#stored.dictionaries) };
    const journal = new TableJournal(id, this.#definition, this.#forms, used);
    journal.restore(document, end, { open: this.#open, dictionaries: this.#dictionaries, segments: sealed });
    return { version, journal, closed: this.#closed, orphans: this.#orphans(sealed) };
  }

  #loadDictionary(id: number | null): Dictionary | null {
    if (id === null) return null;
    const dictionary = this.#core.newDictionary({ kind: 'text' });
    if (dictionary === null) return null;
    dictionary.load(joinPieces(this.#stored.dictionaries.filter(([key]) => numbersOf(key)[1] === id)));
    // What the log adds from here on is not stored.
    this.#dictionaries.set(dictionary, { id, stored: dictionary.size });
    return dictionary;
  }

  #storedSegment(id: number): Segment {
    const pair = this.#stored.segments.find(([key]) => numbersOf(key)[1] === id);
    if (pair === undefined) throw corrupt(keyOf('s', this.#stored.id, id), 'it is missing');
    const segment = segmentOfDocument(id, parseDocument(pair[0], pair[1], 's'));
    this.#rows += segment.rows;
    return segment;
  }

  #replayClosed(part: { readonly from: number; readonly to: number }): Segment {
    this.#replay(part.from, part.to);
    if (this.#builder === null) throw corrupt(keyOf('t', this.#stored.id), `its log range ${part.from} to ${part.to} is empty`);
    const segment = this.#builder.seal();
    this.#closed.push({ segment, part, records: this.#open.map(({ number }) => number) });
    this.#builder = null;
    this.#open = [];
    return segment;
  }

  /** Appends the rows of the records with these numbers to the open segment. */
  #replay(from: number, to: number): void {
    for (let number = from; number < to; ) {
      const key = keyOf('l', this.#stored.id, number);
      const pair = this.#records.get(number);
      if (pair === undefined) throw corrupt(key, 'it is missing');
      this.#records.delete(number);
      const types = typesOf(this.#definition.columns);
      const record = decodeRecord(key, pair[1], types);
      if (record.numbers < 1 || number + record.numbers > to) throw corrupt(key, 'it reaches into other records');
      if ((this.#builder?.rows ?? 0) + record.rows > SEGMENT_ROWS) throw corrupt(key, 'its segment has too many rows');
      this.#builder ??= new SegmentBuilder(this.#core.memory, types, this.#forms, this.#core.replaced);
      const columns = types.map((type, column) => record.columns[column] ?? nullVector(type, record.rows));
      const first = this.#builder.rows;
      this.#builder.append(columns, 0, record.rows);
      columns.forEach((vector, column) => {
        const sketch = this.#store.sketches[column];
        if (sketch !== undefined && (this.#forms[column] ?? null) === null) countDistinct(sketch, vector, 0, record.rows);
      });
      this.#open.push({ number, numbers: record.numbers, from: first, to: first + record.rows });
      this.#rows += record.rows;
      number += record.numbers;
    }
  }

  #orphans(sealed: readonly Segment[]): Entry[] {
    const { id, segments, dictionaries } = this.#stored;
    const known = new Set(sealed.flatMap(({ stored }) => (stored === null ? [] : [stored.id])));
    const current = [...this.#dictionaries.values()].map((dictionary) => dictionary.id);
    const named = new Set([...current, ...sealed.flatMap(({ stored }) => stored?.dictionaries ?? [])]);
    const lost = segments.filter(([key]) => !known.has(numbersOf(key)[1] ?? 0));
    const values = dictionaries.filter(([key]) => !named.has(numbersOf(key)[1] ?? 0));
    return [
      ...lost.flatMap(([key, payload]) =>
        segmentRemoval(id, numbersOf(key)[1] ?? 0, parseDocument(key, payload, 's').columns.length),
      ),
      ...values.map(([key]): Entry => ({ kind: 'delete', key })),
    ];
  }
}

function lastNumber(pairs: readonly Pair[]): number {
  return pairs.reduce((last, [key]) => Math.max(last, numbersOf(key)[1] ?? 0), 0);
}
