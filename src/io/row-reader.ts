import type { DataType } from '../types/data-type.ts';
import { asLumaError, LumaError, SQLSTATE } from '../types/error.ts';
import type { Batch } from '../types/vector.ts';
import { ColumnReader } from './column-reader.ts';
import { FIELD, type RowScanner } from './row-scanner.ts';

export interface FileColumn {
  readonly name: string;
  readonly type: DataType;
}

const BATCH_ROWS = 16_384;

/** Takes rows from the scanner into columns. */
export class RowReader {
  readonly scanner: RowScanner;
  readonly #columns: readonly FileColumn[];
  readonly #readers: readonly ColumnReader[];
  readonly #nullBytes: Uint8Array;
  #length = 0;
  #skipHeader: boolean;

  constructor(
    columns: readonly FileColumn[],
    scanner: RowScanner,
    format: { readonly nullBytes: Uint8Array; readonly header: boolean },
  ) {
    this.scanner = scanner;
    this.#columns = columns;
    this.#readers = columns.map(({ type }) => new ColumnReader(type, BATCH_ROWS));
    this.#nullBytes = format.nullBytes;
    this.#skipHeader = format.header;
  }

  get length(): number {
    return this.#length;
  }

  /** Reads on; true when a batch is full, false when there are no more rows for now. */
  fill(): boolean {
    const { scanner } = this;
    while (this.#length < BATCH_ROWS) {
      if (!scanner.next()) return false;
      if (this.#skipHeader) this.#skipHeader = false;
      else this.#row();
    }
    return true;
  }

  finish(): Batch {
    const length = this.#length;
    this.#length = 0;
    return { length, columns: this.#readers.map((reader) => reader.finish()) };
  }

  #row(): void {
    const { scanner } = this;
    const wanted = this.#readers.length;
    if (scanner.fields !== wanted) throw this.#wrongCount();
    for (let field = 0; field < wanted; field++) {
      const reader = this.#readers[field];
      if (reader === undefined) continue;
      const form = scanner.form(field);
      const start = scanner.start(field);
      const end = scanner.end(field);
      if (form === FIELD.plain && this.#isNull(start, end)) {
        reader.addNull();
        continue;
      }
      try {
        if (form === FIELD.mixed) {
          const length = scanner.unquote(field);
          reader.add(scanner.scratch, 0, length);
        } else reader.add(scanner.bytes, start, end);
      } catch (error) {
        throw this.#fieldError(field, asLumaError(error));
      }
    }
    this.#length++;
  }

  #isNull(start: number, end: number): boolean {
    const length = end - start;
    if (length !== this.#nullBytes.length) return false;
    for (let i = 0; i < length; i++) if (this.scanner.bytes[start + i] !== this.#nullBytes[i]) return false;
    return true;
  }

  #fieldError(field: number, error: LumaError): LumaError {
    const name = this.#columns[field]?.name ?? '';
    const message = `line ${this.scanner.lineOf(field)}, column ${field + 1} (${name}): ${error.message}`;
    return new LumaError(error.code, message, { hint: error.hint, cause: error });
  }

  #wrongCount(): LumaError {
    const { scanner } = this;
    const wanted = this.#columns.length;
    const line = scanner.lineOf(scanner.fields - 1);
    if (scanner.fields < wanted) {
      const name = this.#columns[scanner.fields]?.name ?? '';
      const message = `line ${line}, column ${scanner.fields + 1} (${name}): missing data for column "${name}"`;
      return new LumaError(SQLSTATE.badCopyFileFormat, message, { hint: `the line has ${scanner.fields} of ${wanted} fields` });
    }
    const message = `line ${scanner.lineOf(wanted)}, column ${wanted + 1}: extra data after last expected column`;
    return new LumaError(SQLSTATE.badCopyFileFormat, message, {
      hint: `the line has ${scanner.fields} fields, the table ${wanted} columns`,
    });
  }
}

/**
 * The rows of a source, batch by batch. The scanner begins a row anew with each piece, so a row that is not whole yet gets
 * as much again each time: a long one then costs a few times its length, not its length times its pieces.
 */
export async function* readRows(reader: RowReader, source: AsyncIterable<Uint8Array>): AsyncGenerator<Batch, void> {
  const { scanner } = reader;
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of source) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < scanner.unread) continue;
    scanner.push(waiting.length === 1 ? piece : Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
    while (reader.fill()) yield reader.finish();
  }
  scanner.push(Buffer.concat(waiting));
  scanner.finish();
  while (reader.fill()) yield reader.finish();
  if (reader.length > 0) yield reader.finish();
}
