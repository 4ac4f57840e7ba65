import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import type { DataType } from '../../src/types/data-type.ts';
import type { Vector } from '../../src/types/vector.ts';
import { chunkVector } from './chunk.ts';
import { ColumnBuilder, type ColumnMark } from './column-builder.ts';
import type { Dictionary } from './dictionary.ts';
import { loadedSlot, type Segment } from './segment.ts';

/** A state that `restore` goes back to. */
export interface BuilderMark {
  readonly rows: number;
  readonly columns: readonly { readonly column: ColumnBuilder; readonly mark: ColumnMark }[];
}

/** A segment that still takes rows. Views of it see only the rows they were made with. */
export class SegmentBuilder {
  readonly #memory: SharedMemory;
  readonly #replaced: (at: Pointer) => void;
  #columns: ColumnBuilder[];
  #rows = 0;

  constructor(
    memory: SharedMemory,
    types: readonly DataType[],
    dictionaries: readonly (Dictionary | null)[],
    replaced: (at: Pointer) => void,
  ) {
    this.#memory = memory;
    this.#replaced = replaced;
    this.#columns = types.map((type, column) => new ColumnBuilder(memory, type, dictionaries[column] ?? null, replaced));
  }

  get rows(): number {
    return this.#rows;
  }

  mark(): BuilderMark {
    return { rows: this.#rows, columns: this.#columns.map((column) => ({ column, mark: column.mark() })) };
  }

  /** As it was at the mark, in the same blocks: the caller takes those (`blocks`) back out of what was `replaced`. */
  restore(mark: BuilderMark): void {
    const kept = new Set(mark.columns.map(({ column }) => column));
    for (const column of this.#columns) if (!kept.has(column)) column.dispose();
    this.#columns = mark.columns.map(({ column }) => column);
    for (const { column, mark: columnMark } of mark.columns) column.restore(columnMark);
    this.#rows = mark.rows;
  }

  blocks(): Pointer[] {
    return this.#columns.flatMap((column) => column.blocks());
  }

  reserve(rows: number): void {
    for (const column of this.#columns) column.reserve(rows);
  }

  /** Adds rows [from, from + count); after a failure `restore` must follow. */
  append(columns: readonly Vector[], from: number, count: number): void {
    columns.forEach((vector, column) => {
      this.#columns[column]?.append(vector, from, count);
    });
    this.#rows += count;
  }

  addColumn(type: DataType, dictionary: Dictionary | null): void {
    const column = new ColumnBuilder(this.#memory, type, dictionary, this.#replaced);
    this.#columns.push(column);
    if (this.#rows > 0) column.appendNulls(this.#rows);
  }

  /** The column, if it is coded so far, becomes plain text. Throws 53200, unchanged then. */
  makePlain(column: number): void {
    const coded = this.#columns[column];
    if (coded === undefined || coded.dictionary === null) return;
    const plain = new ColumnBuilder(this.#memory, coded.type, null, this.#replaced);
    try {
      plain.append(chunkVector(this.#memory, coded.view(), coded.type, coded.rows), 0, coded.rows);
    } catch (error) {
      plain.dispose();
      throw error;
    }
    this.#columns[column] = plain;
    coded.dispose();
  }

  vectors(): Vector[] {
    return this.#columns.map((column) => chunkVector(this.#memory, column.view(), column.type, column.rows));
  }

  view(): Segment {
    return { rows: this.#rows, slots: this.#columns.map((column) => loadedSlot(column.view())), stored: null };
  }

  /** The finished segment; it owns the blocks from now on. */
  seal(): Segment {
    return { rows: this.#rows, slots: this.#columns.map((column) => loadedSlot(column.seal())), stored: null };
  }

  dispose(): void {
    for (const column of this.#columns) column.dispose();
  }
}
