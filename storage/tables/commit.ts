import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { SEGMENT_ROWS } from '../api.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import { chunkBlocks, type Segment } from '../segments/segment.ts';
import { SegmentBuilder } from '../segments/segment-builder.ts';
import { dropTable, type TablesCore } from './core.ts';
import { columnsLeaving } from './forms.ts';
import type { PendingTable } from './pending-table.ts';
import { addDictionary, type TableStore, typesOf } from './table-store.ts';
import { type DatabaseVersion, newSchema, type TableVersion } from './version.ts';

/** What a transaction did to one name: dropped what was there, wrote to or made what is there now, or both. */
export interface TableChange {
  readonly name: string;
  readonly dropped: TableVersion | null;
  readonly pending: PendingTable | null;
}

/** What a commit did to a table's segments, in order. */
export type CommittedPart =
  /** A whole segment that the transaction had filled. */
  | { readonly kind: 'segment'; readonly segment: Segment }
  /** Rows [from, to) of the open segment. */
  | { readonly kind: 'rows'; readonly segment: Segment; readonly from: number; readonly to: number }
  /** The segment that was open, or has just been filled, takes no more rows. */
  | { readonly kind: 'closed'; readonly segment: Segment };

export interface CommittedTable {
  readonly change: TableChange;
  /** Null: only dropped. */
  readonly version: TableVersion | null;
  readonly parts: readonly CommittedPart[];
}

/** A commit that is part of `head`; it is visible once published. */
export interface PreparedCommit {
  readonly version: DatabaseVersion;
  readonly tables: readonly CommittedTable[];
  publish(): void;
}

/**
 * Puts a transaction on top of `head`. Throws 40001 on a conflict and 53200 without memory; then nothing has changed.
 */
export function prepareCommit(core: TablesCore, changes: readonly TableChange[]): PreparedCommit {
  for (const change of changes) checkConflict(core.head, change);
  core.drain();
  const undo: (() => void)[] = [];
  const published: (() => void)[] = [];
  const tables = new Map(core.head.tables);
  try {
    const committed = changes.map((change): CommittedTable => {
      const { dropped, pending } = change;
      if (dropped !== null) {
        const current = tables.get(change.name);
        tables.delete(change.name);
        if (current !== undefined) published.push(() => dropTable(core, current));
      }
      if (pending === null) return { change, version: null, parts: [] };
      const current = tables.get(change.name) ?? null;
      const result = new TableCommit(core, pending, current, undo, published).run();
      tables.set(change.name, result.version);
      return { change, ...result };
    });
    const version = { tables };
    const replaced = core.advance(version);
    const publish = () => {
      core.publish(version, replaced);
      for (const step of published) step();
      core.drain();
    };
    return { version, tables: committed, publish };
  } catch (error) {
    for (const step of undo.reverse()) step();
    core.drain();
    throw error;
  }
}

function checkConflict(head: DatabaseVersion, { name, dropped, pending }: TableChange): void {
  const current = head.tables.get(name);
  const expected = dropped ?? pending?.base ?? null;
  if (expected?.schema === current?.schema) return;
  const what = current === undefined ? 'dropped' : expected === null ? 'created' : 'altered';
  throw new LumaError(
    SQLSTATE.serializationFailure,
    `could not serialize access: table "${name}" was ${what} by a transaction that committed since this one began`,
    { hint: 'run the transaction again' },
  );
}

/** One table's part of a commit. Steps that allocate leave a way back in `undo`. */
class TableCommit {
  readonly #core: TablesCore;
  readonly #pending: PendingTable;
  readonly #store: TableStore;
  readonly #current: TableVersion | null;
  readonly #undo: (() => void)[];
  readonly #published: (() => void)[];
  readonly #forms: (Dictionary | null)[];
  readonly #parts: CommittedPart[] = [];

  constructor(
    core: TablesCore,
    pending: PendingTable,
    current: TableVersion | null,
    undo: (() => void)[],
    published: (() => void)[],
  ) {
    this.#core = core;
    this.#pending = pending;
    this.#store = pending.store;
    this.#current = current;
    this.#undo = undo;
    this.#published = published;
    const forms = current?.forms ?? [];
    this.#forms = pending.forms.map((form, column) => (column < forms.length ? form && (forms[column] ?? null) : form));
  }

  run(): { version: TableVersion; parts: CommittedPart[] } {
    const current = this.#current;
    this.#undo.push(this.#restorer(this.#pending.builder));
    this.#undo.push(this.#restorer(this.#store.builder));
    const sealed = this.#leaveDictionaries(current);
    this.#addColumns();
    this.#addRows(sealed);
    const open = this.#store.builder?.view() ?? null;
    this.#published.push(() => this.#finish(sealed));
    const version: TableVersion = {
      store: this.#store,
      schema: this.#pending.altered ? newSchema() : this.#pending.schema,
      definition: this.#pending.definition,
      forms: this.#forms,
      sealed,
      open,
      rows: (current?.rows ?? 0) + this.#pending.rows,
    };
    return { version, parts: this.#parts };
  }

  /** The way back for a builder and for which one is the table's. */
  #restorer(builder: SegmentBuilder | null): () => void {
    const mark = builder?.mark();
    const before = this.#store.builder;
    return () => {
      this.#store.builder = before;
      if (builder === null || mark === undefined) return;
      builder.restore(mark);
      this.#core.keep(builder.blocks());
    };
  }

  /** The table's segments so far, with every column plain that is plain now; the open one stays in the builder. */
  #leaveDictionaries(current: TableVersion | null): Segment[] {
    if (current === null) return [];
    const leaving = columnsLeaving(current.forms, this.#forms);
    for (const column of leaving) this.#store.builder?.makePlain(column);
    if (leaving.length === 0) return [...current.sealed];
    const sealed = current.sealed.map((segment) => this.#pending.plain.apply(segment, leaving));
    this.#published.push(() => {
      for (const segment of current.sealed) this.#retireReplaced(segment);
    });
    return sealed;
  }

  #addColumns(): void {
    const { builder } = this.#store;
    if (this.#current === null || builder === null) return;
    const known = this.#current.definition.columns.length;
    this.#pending.definition.columns.slice(known).forEach((column, i) => {
      builder.addColumn(column.type, this.#forms[known + i] ?? null);
    });
  }

  /** The transaction's rows, whole segments as they are, the rest in the open segment. */
  #addRows(sealed: Segment[]): void {
    const pending = this.#pending;
    const plain = pending.definition.columns.flatMap(({ type }, column) =>
      type.kind === 'text' && (this.#forms[column] ?? null) === null ? [column] : [],
    );
    const rest = pending.builder;
    for (const column of plain) rest?.makePlain(column);
    const open = this.#store.builder;
    if (pending.sealed.length > 0 && open !== null && open.rows > 0) {
      const segment = open.seal();
      sealed.push(segment);
      this.#parts.push({ kind: 'closed', segment });
      this.#store.builder = null;
    }
    for (const segment of pending.sealed) {
      const final = pending.plain.apply(segment, plain);
      sealed.push(final);
      this.#parts.push({ kind: 'segment', segment: final });
    }
    this.#published.push(() => {
      for (const segment of pending.sealed) this.#retireReplaced(segment);
    });
    if (rest === null || rest.rows === 0) return;
    const target = this.#store.builder;
    if (target === null || target.rows === 0) {
      if (target !== null) this.#published.push(() => target.dispose());
      this.#store.builder = rest;
      this.#parts.push({ kind: 'rows', segment: rest.view(), from: 0, to: rest.rows });
    } else this.#copyRows(rest, target, sealed);
  }

  #copyRows(rest: SegmentBuilder, target: SegmentBuilder, sealed: Segment[]): void {
    const vectors = rest.vectors();
    let builder = target;
    for (let from = 0; from < rest.rows; ) {
      const count = Math.min(rest.rows - from, SEGMENT_ROWS - builder.rows);
      const first = builder.rows;
      builder.reserve(first + count);
      builder.append(vectors, from, count);
      from += count;
      if (builder.rows < SEGMENT_ROWS) {
        this.#parts.push({ kind: 'rows', segment: builder.view(), from: first, to: first + count });
        return;
      }
      const segment = builder.seal();
      sealed.push(segment);
      this.#parts.push({ kind: 'rows', segment, from: first, to: first + count }, { kind: 'closed', segment });
      this.#store.builder = null;
      if (from === rest.rows) return;
      builder = new SegmentBuilder(
        this.#core.memory,
        typesOf(this.#pending.definition.columns),
        this.#forms,
        this.#core.replaced,
      );
      const made = builder;
      this.#undo.push(() => made.dispose());
      this.#store.builder = builder;
    }
  }

  /** With the publishing of the version. */
  #finish(sealed: readonly Segment[]): void {
    const pending = this.#pending;
    const store = this.#store;
    this.#forms.forEach((form, column) => {
      const sketch = store.sketches[column];
      const added = pending.sketches[column];
      const dictionary = store.dictionaries[column] ?? null;
      const coded = pending.forms[column] ?? null;
      if (form === null && coded !== null && added !== undefined) addDictionary(added, coded);
      if (column >= store.dictionaries.length) store.addColumn(form);
      else if (form === null && dictionary !== null) {
        if (sketch !== undefined) addDictionary(sketch, dictionary);
        store.dictionaries[column] = null;
        if (!pending.created) dictionary.release();
      }
      if (added !== undefined) store.sketches[column]?.merge(added);
    });
    pending.handOver();
    for (const at of pending.plain.adopt(sealed)) this.#core.reclaimer.retire(at);
    const { builder } = pending;
    if (builder !== null && builder !== store.builder) builder.dispose();
    pending.builder = null;
    pending.sealed.length = 0;
    pending.close();
  }

  #retireReplaced(segment: Segment): void {
    for (const slot of this.#pending.plain.replaced(segment)) {
      const { chunk } = slot;
      this.#core.store?.forget(slot);
      if (chunk !== null) for (const at of chunkBlocks(chunk)) this.#core.reclaimer.retire(at);
    }
  }
}
