import { type DataType, sameType, typeName } from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Batch, Vector } from '../../src/types/vector.ts';
import { type ColumnDefinition, SEGMENT_ROWS, type TableDefinition } from '../api.ts';
import { countBits } from '../segments/bits.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import { countDistinct } from '../segments/distinct.ts';
import { HyperLogLog } from '../segments/hyperloglog.ts';
import { type Segment, segmentBlocks } from '../segments/segment.ts';
import { SegmentBuilder } from '../segments/segment-builder.ts';
import type { TablesCore } from './core.ts';
import { columnsLeaving, PlainForms } from './forms.ts';
import { addDictionary, TableStore, typesOf } from './table-store.ts';
import { newSchema, segmentsOf, type TableVersion } from './version.ts';

/**
 * What a transaction has done to one table: its own segments, as they will be published, and its changes of the
 * definition. A failed `write` leaves the rows as they were.
 */
export class PendingTable {
  readonly base: TableVersion | null;
  /** The table's, or that of the table to be. */
  readonly store: TableStore;
  readonly schema: number;
  readonly forms: (Dictionary | null)[];
  readonly sketches: HyperLogLog[];
  readonly sealed: Segment[] = [];
  readonly plain: PlainForms;
  definition: TableDefinition;
  builder: SegmentBuilder | null = null;
  readonly #core: TablesCore;
  /** Kept alive while this transaction writes codes of them. */
  readonly #held: Dictionary[] = [];
  /** Made here: the table takes them over with the commit. */
  readonly #fresh: Dictionary[] = [];
  #rows = 0;
  #altered = false;

  constructor(core: TablesCore, definition: TableDefinition, base: TableVersion | null) {
    this.#core = core;
    this.base = base;
    this.definition = definition;
    this.plain = new PlainForms(core.memory);
    if (base === null) {
      this.forms = definition.columns.map(({ type }) => this.#newDictionary(type));
      this.store = new TableStore(core.newTableId(), this.forms);
      this.schema = newSchema();
    } else {
      this.forms = base.forms.map((form) => (form?.abandoned ? null : form));
      this.store = base.store;
      this.schema = base.schema;
    }
    for (const dictionary of this.forms) if (dictionary !== null) this.#held.push(dictionary.acquire());
    this.sketches = this.forms.map(() => new HyperLogLog());
  }

  get created(): boolean {
    return this.base === null;
  }

  get altered(): boolean {
    return this.#altered;
  }

  /** Rows written here. */
  get rows(): number {
    return this.#rows;
  }

  /** Throws 42701. */
  addColumns(columns: readonly ColumnDefinition[]): void {
    const names = new Set(this.definition.columns.map(({ name }) => name));
    for (const { name } of columns) {
      if (names.has(name)) {
        throw new LumaError(SQLSTATE.duplicateColumn, `column "${name}" of relation "${this.definition.name}" already exists`);
      }
      names.add(name);
    }
    for (const column of columns) {
      const dictionary = this.#newDictionary(column.type);
      if (dictionary !== null) this.#held.push(dictionary.acquire());
      this.forms.push(dictionary);
      this.sketches.push(new HyperLogLog());
      this.builder?.addColumn(column.type, dictionary);
    }
    this.definition = { ...this.definition, columns: [...this.definition.columns, ...columns] };
    this.#altered = true;
  }

  /** Throws 42804, 23502, 53200. */
  write(batch: Batch): void {
    checkBatch(this.definition, batch);
    this.#core.drain();
    const before = { builder: this.builder, mark: this.builder?.mark(), sealed: this.sealed.length, rows: this.#rows };
    const forms = [...this.forms];
    try {
      for (let from = 0; from < batch.length; ) from += this.#append(batch, from);
    } catch (error) {
      // The first segment sealed since then is the earlier builder's, which takes its blocks back.
      this.sealed.splice(before.sealed).forEach((segment, i) => {
        if (before.builder === null || i > 0) this.#retire(segmentBlocks(segment));
        this.#core.store?.discarded(this, segment);
      });
      if (this.builder !== before.builder) this.builder?.dispose();
      if (before.builder !== null && before.mark !== undefined) {
        before.builder.restore(before.mark);
        this.#core.keep(before.builder.blocks());
      }
      this.builder = before.builder;
      this.forms.splice(0, forms.length, ...forms);
      this.#rows = before.rows;
      throw error;
    } finally {
      this.#core.drain();
    }
  }

  /** The table as the transaction sees it. */
  version(): TableVersion {
    const leaving = this.base === null ? [] : columnsLeaving(this.base.forms, this.forms);
    const base = this.base === null ? [] : segmentsOf(this.base).map((segment) => this.plain.apply(segment, leaving));
    return {
      store: this.store,
      schema: this.schema,
      definition: this.definition,
      forms: [...this.forms],
      sealed: [...base, ...this.sealed.map((segment) => this.plain.apply(segment, this.plainColumns()))],
      open: this.builder?.view() ?? null,
      rows: (this.base?.rows ?? 0) + this.#rows,
    };
  }

  /** Text columns in plain form. */
  plainColumns(): number[] {
    return this.definition.columns.flatMap(({ type }, column) =>
      type.kind === 'text' && (this.forms[column] ?? null) === null ? [column] : [],
    );
  }

  /** Gives up everything written here. */
  discard(): void {
    for (const segment of this.sealed.splice(0)) {
      this.#retire(segmentBlocks(segment));
      this.#core.store?.discarded(this, segment);
    }
    this.#retire(this.plain.blocks());
    this.builder?.dispose();
    this.builder = null;
    for (const dictionary of this.#fresh.splice(0)) dictionary.release();
    this.close();
  }

  /** The new dictionaries that are still in use become the table's. */
  handOver(): void {
    for (const dictionary of this.#fresh.splice(0)) if (!this.forms.includes(dictionary)) dictionary.release();
  }

  /** Lets go of what only writing needs; the last thing. */
  close(): void {
    for (const dictionary of this.#held.splice(0)) dictionary.release();
    this.#core.drain();
  }

  #newDictionary(type: DataType): Dictionary | null {
    const dictionary = this.#core.newDictionary(type);
    if (dictionary !== null) this.#fresh.push(dictionary);
    return dictionary;
  }

  #retire(blocks: readonly number[]): void {
    for (const at of blocks) this.#core.replaced(at);
  }

  /** Adds as many rows as the segment takes; returns how many. */
  #append(batch: Batch, from: number): number {
    this.builder ??= new SegmentBuilder(this.#core.memory, typesOf(this.definition.columns), this.forms, this.#core.replaced);
    const { builder } = this;
    const count = Math.min(batch.length - from, SEGMENT_ROWS - builder.rows);
    // Who has filled a segment will fill more: whole segments at once save moving them as they grow.
    builder.reserve(this.sealed.length > 0 ? SEGMENT_ROWS : builder.rows + count);
    builder.append(batch.columns, from, count);
    this.#rows += count;
    this.#count(batch.columns, from, count);
    if (builder.rows === SEGMENT_ROWS) {
      const segment = builder.seal();
      this.sealed.push(segment);
      this.builder = null;
      this.#core.store?.sealed(this, segment);
    }
    return count;
  }

  /** Keeps distinct counts, and leaves dictionaries that do not pay. */
  #count(columns: readonly Vector[], from: number, count: number): void {
    const rows = (this.base?.rows ?? 0) + this.#rows;
    columns.forEach((vector, column) => {
      const sketch = this.sketches[column];
      const dictionary = this.forms[column] ?? null;
      if (sketch === undefined) return;
      if (dictionary === null) countDistinct(sketch, vector, from, count);
      else if (!dictionary.pays(rows)) {
        this.builder?.makePlain(column);
        this.forms[column] = null;
        addDictionary(sketch, dictionary);
      }
    });
  }
}

function checkBatch({ name, columns }: TableDefinition, batch: Batch): void {
  if (batch.columns.length !== columns.length) {
    const message = `table "${name}" has ${columns.length} columns, but the rows have ${batch.columns.length}`;
    throw new LumaError(SQLSTATE.datatypeMismatch, message);
  }
  columns.forEach((column, position) => {
    const vector = batch.columns[position];
    if (vector === undefined) return;
    if (!sameType(column.type, vector.type)) {
      const message = `column "${column.name}" is of type ${typeName(column.type)} but the value is of type ${typeName(vector.type)}`;
      throw new LumaError(SQLSTATE.datatypeMismatch, message);
    }
    if (column.notNull && vector.validity !== null && countBits(vector.validity, 0, batch.length) < batch.length) {
      const message = `null value in column "${column.name}" of relation "${name}" violates not-null constraint`;
      throw new LumaError(SQLSTATE.notNullViolation, message);
    }
  });
}
