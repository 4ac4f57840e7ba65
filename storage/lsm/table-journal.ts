import type { TableDefinition } from '../api.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import type { Segment } from '../segments/segment.ts';
import type { CommittedPart } from '../tables/commit.ts';
import { typesOf } from '../tables/table-store.ts';
import type { TableVersion } from '../tables/version.ts';
import { dictionarySource, sourceOf } from './column-codec.ts';
import { type LogEnd, segmentDocument, type TableDocument, type TablePart } from './documents.ts';
import { type Family, keyOf, rangeOf } from './keys.ts';
import type { Entry } from './messages.ts';

/** This many small records in the open log are merged into one, so that opening has few to read. */
const MERGE_RECORDS = 512;

/** A record of the open log and the rows of the open segment it holds. */
export interface OpenRecord {
  readonly number: number;
  /** Log numbers it stands for. */
  readonly numbers: number;
  readonly from: number;
  readonly to: number;
}

/** A log range in memory as a sealed segment, to be stored as one. */
export interface ClosedRange {
  readonly segment: Segment;
  readonly part: { readonly from: number; readonly to: number };
  readonly records: readonly number[];
}

/** A dictionary's number and how many of its values are stored. */
export interface StoredDictionary {
  readonly id: number;
  readonly stored: number;
}

/**
 * What the store holds of one table once all requests sent so far are done, and the entries that change it.
 * Requests are served in order, so every request may build on those before it.
 */
export class TableJournal {
  readonly table: number;
  #definition: TableDefinition;
  #forms: readonly (Dictionary | null)[];
  #parts: TablePart[] = [];
  #openFrom = 0;
  #next = 0;
  #open: OpenRecord[] = [];
  #lastSegment: number;
  #lastDictionary: number;
  readonly #dictionaries = new Map<Dictionary, StoredDictionary>();
  /** Columns of each stored segment. */
  readonly #segments = new Map<number, number>();

  constructor(
    table: number,
    definition: TableDefinition,
    forms: readonly (Dictionary | null)[],
    used: { segment: number; dictionary: number },
  ) {
    this.table = table;
    this.#definition = definition;
    this.#forms = forms;
    this.#lastSegment = used.segment;
    this.#lastDictionary = used.dictionary;
  }

  /** As found in the store. */
  restore(
    document: TableDocument,
    end: LogEnd,
    found: {
      readonly open: readonly OpenRecord[];
      readonly dictionaries: ReadonlyMap<Dictionary, StoredDictionary>;
      readonly segments: readonly Segment[];
    },
  ): void {
    this.#parts = [...document.parts];
    this.#openFrom = document.openFrom;
    this.#next = end.next;
    this.#open = [...found.open];
    for (const [dictionary, stored] of found.dictionaries) this.#dictionaries.set(dictionary, stored);
    for (const { stored, slots } of found.segments) if (stored !== null) this.#segments.set(stored.id, slots.length);
  }

  /** A commit's entries, and the ranges it closed, which `store` turns into segments afterwards. */
  commit(version: TableVersion, parts: readonly CommittedPart[], isNew: boolean): { entries: Entry[]; closed: ClosedRange[] } {
    const leaves = this.#forms.some((form, column) => form !== null && version.forms[column] === null);
    let changed = isNew || leaves || parts.some(({ kind }) => kind !== 'rows');
    changed ||= version.definition !== this.#definition;
    this.#definition = version.definition;
    this.#forms = version.forms;
    const entries: Entry[] = [];
    const closed: ClosedRange[] = [];
    for (const part of parts) {
      if (part.kind === 'rows') entries.push(this.#append(part));
      else if (part.kind === 'closed') closed.push(this.#close(part.segment));
      else if (part.segment.stored !== null) {
        this.#parts.push({ segment: part.segment.stored.id });
        this.#openFrom = this.#next;
      }
    }
    const end: LogEnd = { next: this.#next, rows: version.rows };
    entries.push({ kind: 'json', key: keyOf('e', this.table), text: JSON.stringify(end) });
    if (changed) entries.push(this.#document());
    return { entries, closed };
  }

  /** Stores a whole segment under a number of its own; nothing refers to it yet. */
  segment(segment: Segment, definition: TableDefinition): Entry[] {
    const coded = segment.slots.map(({ chunk }) => chunk?.dictionary ?? null);
    const dictionaries = coded.map((dictionary) => (dictionary === null ? null : this.#dictionary(dictionary).id));
    const id = ++this.#lastSegment;
    this.#segments.set(id, segment.slots.length);
    const entries = coded.flatMap((dictionary) => (dictionary === null ? [] : this.#newValues(dictionary)));
    const types = typesOf(definition.columns);
    const text = JSON.stringify(segmentDocument(segment, dictionaries));
    entries.push({ kind: 'json', key: keyOf('s', this.table, id), text });
    segment.slots.forEach(({ chunk }, column) => {
      const type = types[column];
      if (chunk === null || type === undefined) return;
      const source = sourceOf(chunk, type, segment.rows);
      entries.push({ kind: 'column', key: keyOf('c', this.table, id, column), source, from: 0, to: segment.rows });
    });
    segment.stored = { id, dictionaries };
    return entries;
  }

  /** The segment in place of its log records. */
  store({ segment, part, records }: ClosedRange): Entry[] {
    const entries = this.segment(segment, this.#definition);
    const id = segment.stored?.id ?? 0;
    this.#parts = this.#parts.map((one) => (one === part ? { segment: id } : one));
    return [...entries, ...records.map(deleteRecord(this.table)), this.#document()];
  }

  /** The open segment, sealed as `segment`, ends here. */
  seal(segment: Segment): Entry[] {
    return this.store(this.#close(segment));
  }

  /** One record in place of the many small ones at the end of the log; nothing when there are few. `view` is the open segment. */
  merge(view: Segment): Entry[] {
    const small = this.#open.filter(({ numbers }) => numbers === 1);
    const [first] = small;
    const last = small.at(-1);
    if (small.length < MERGE_RECORDS || first === undefined || last === undefined) return [];
    const numbers = last.number - first.number + 1;
    if (numbers !== small.length) return [];
    const merged: OpenRecord = { number: first.number, numbers, from: first.from, to: last.to };
    this.#open = [...this.#open.filter((record) => record.numbers > 1), merged];
    return [...small.slice(1).map(({ number }) => deleteRecord(this.table)(number)), this.#record(view, merged)];
  }

  /** Takes back a segment that nothing refers to. */
  discard(segment: Segment): Entry[] {
    const { stored } = segment;
    if (stored === null) return [];
    this.#segments.delete(stored.id);
    return segmentRemoval(this.table, stored.id, segment.slots.length);
  }

  /** Everything of the table. */
  removal(): Entry[] {
    const chunks = [...this.#segments].flatMap(([id, columns]) => segmentRemoval(this.table, id, columns));
    return [...chunks, ...tableRemoval(this.table)];
  }

  get openRows(): number {
    return this.#open.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  #append({ segment, from, to }: Extract<CommittedPart, { kind: 'rows' }>): Entry {
    const record: OpenRecord = { number: this.#next++, numbers: 1, from, to };
    this.#open.push(record);
    return this.#record(segment, record);
  }

  #close(segment: Segment): ClosedRange {
    const part = { from: this.#openFrom, to: this.#next };
    const records = this.#open.map(({ number }) => number);
    this.#parts.push(part);
    this.#openFrom = this.#next;
    this.#open = [];
    return { segment, part, records };
  }

  #record({ rows, slots }: Segment, { number, numbers, from, to }: OpenRecord): Entry {
    const types = typesOf(this.#definition.columns);
    const columns = slots.flatMap(({ chunk }, column) => {
      const type = types[column];
      return chunk === null || type === undefined ? [] : [sourceOf(chunk, type, rows)];
    });
    return { kind: 'rows', key: keyOf('l', this.table, number), columns, from, to, numbers };
  }

  #document(): Entry {
    const document: TableDocument = {
      name: this.#definition.name,
      columns: this.#definition.columns,
      dictionaries: this.#forms.map((form) => (form === null ? null : this.#dictionary(form).id)),
      parts: this.#parts,
      openFrom: this.#openFrom,
    };
    return { kind: 'json', key: keyOf('t', this.table), text: JSON.stringify(document) };
  }

  #dictionary(dictionary: Dictionary): StoredDictionary {
    const known = this.#dictionaries.get(dictionary);
    if (known !== undefined) return known;
    const fresh = { id: ++this.#lastDictionary, stored: 0 };
    this.#dictionaries.set(dictionary, fresh);
    return fresh;
  }

  /** The dictionary's values that are not stored yet. */
  #newValues(dictionary: Dictionary): Entry[] {
    const { id, stored } = this.#dictionary(dictionary);
    const { size } = dictionary;
    if (stored === size) return [];
    this.#dictionaries.set(dictionary, { id, stored: size });
    return [
      { kind: 'column', key: keyOf('d', this.table, id, stored), source: dictionarySource(dictionary), from: stored, to: size },
    ];
  }
}

export function segmentRemoval(table: number, segment: number, columns: number): Entry[] {
  const keys = Array.from({ length: columns }, (_, column) => keyOf('c', table, segment, column));
  return [keyOf('s', table, segment), ...keys].map((key) => ({ kind: 'delete', key }));
}

/** What a table has besides its segments. */
export function tableRemoval(table: number): Entry[] {
  const families: readonly Family[] = ['d', 'e', 'k', 'l', 't'];
  return families.map((family) => {
    const [from, to] = rangeOf(family, table);
    return { kind: 'delete_range', from, to };
  });
}

function deleteRecord(table: number): (number: number) => Entry {
  return (number) => ({ kind: 'delete', key: keyOf('l', table, number) });
}
