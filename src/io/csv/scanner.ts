import { LumaError, SQLSTATE } from '../../types/error.ts';
import { FIELD, type RowScanner } from '../row-scanner.ts';
import type { CsvFormat } from './options.ts';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
const DOT = 46;

/**
 * Finds rows and fields in CSV bytes as PostgreSQL's COPY does (src/backend/commands/copyfromparse.c,
 * CopyReadAttributesCSV): a quote opens and closes quoting anywhere in a field, line ends inside quotes belong to the
 * field, an escape inside quotes makes a following quote or escape literal. Lines end with LF or CR LF. A line that is
 * `\.` without quotes ends the data: psql sends it after rows that stand in a script.
 *
 * Bytes come in pieces; `next` wants more (false) until a whole row is there, and field bounds are valid until the next call.
 */
export class CsvScanner implements RowScanner {
  readonly #format: CsvFormat;
  bytes: Buffer = Buffer.alloc(0);
  #scratch: Buffer = Buffer.alloc(256);
  #at = 0;
  #ended = false;
  #done = false;
  #line = 1;
  #rowStart = 0;
  #rowLine = 1;
  #fields = 0;
  #starts = new Int32Array(16);
  #ends = new Int32Array(16);
  #forms = new Uint8Array(16);

  constructor(format: CsvFormat) {
    this.#format = format;
  }

  /** Fields of the row. */
  get fields(): number {
    return this.#fields;
  }

  get unread(): number {
    return this.bytes.length - this.#at;
  }

  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  form(field: number): number {
    return this.#forms[field] ?? FIELD.plain;
  }

  /** Adds bytes after those not yet consumed. */
  push(piece: Uint8Array): void {
    const rest = this.bytes.subarray(this.#at);
    this.bytes = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece]);
    this.#at = 0;
  }

  /** No bytes will follow: the last row may lack its line end. */
  finish(): void {
    this.#ended = true;
  }

  /** Moves to the next row; false when more bytes are needed, or, after `finish`, when there is none. Throws 22P04. */
  next(): boolean {
    if (this.#done || this.#at >= this.bytes.length) return false;
    this.#rowStart = this.#at;
    this.#rowLine = this.#line;
    this.#fields = 0;
    let at = this.#at;
    for (;;) {
      const after = this.#field(at);
      if (after < 0) return false;
      if (this.bytes[after] !== this.#format.delimiter || after >= this.bytes.length) {
        this.#done = this.#isEndMarker();
        return !this.#done && this.#endRow(after);
      }
      at = after + 1;
    }
  }

  /** The content of a mixed field: bytes [0, length) of `scratch`, until the next call. Returns the length. */
  unquote(field: number): number {
    const { bytes } = this;
    const { quote, escapeByte } = this.#format;
    const end = this.end(field);
    const start = this.start(field);
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc((end - start) * 2);
    const content = this.#scratch;
    let length = 0;
    let quoted = false;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      const following = bytes[at + 1] ?? 0;
      if (quoted && byte === escapeByte && at + 1 < end && (following === quote || following === escapeByte)) {
        content[length++] = following;
        at++;
      } else if (byte === quote) quoted = !quoted;
      else content[length++] = byte;
    }
    return length;
  }

  get scratch(): Buffer {
    return this.#scratch;
  }

  /** The content of any field. */
  content(field: number): string {
    if (this.form(field) !== FIELD.mixed) return this.bytes.toString('utf8', this.start(field), this.end(field));
    const length = this.unquote(field);
    return this.#scratch.toString('utf8', 0, length);
  }

  /** Where a field of the row begins: lines count from 1, also through quoted line ends. */
  lineOf(field: number): number {
    let line = this.#rowLine;
    const end = this.start(Math.min(field, this.#fields - 1));
    for (let at = this.#rowStart; at < end; at++) if (this.bytes[at] === LF) line++;
    return line;
  }

  /** The line the row begins on. */
  get line(): number {
    return this.#rowLine;
  }

  /** Scans one field; returns the position of what ends it, or -1 when more bytes are needed. */
  #field(start: number): number {
    const { bytes } = this;
    const { delimiter, quote } = this.#format;
    const end = bytes.length;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte === delimiter || byte === LF) break;
      if (byte === quote) return this.#quotedField(start, at);
      if (byte === CR) {
        if (at + 1 >= end && !this.#ended) return -1;
        if (at + 1 >= end || bytes[at + 1] === LF) break;
        throw this.#error(start, 'unquoted carriage return found in data', 'put the field into quotes');
      }
    }
    if (at >= end && !this.#ended) return -1;
    this.#add(start, at, FIELD.plain);
    return at;
  }

  #quotedField(start: number, firstQuote: number): number {
    const { bytes } = this;
    const { delimiter, quote, escapeByte } = this.#format;
    const end = bytes.length;
    let quoted = true;
    let simple = firstQuote === start;
    let at = firstQuote + 1;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (quoted) {
        if (at + 1 >= end && !this.#ended && (byte === quote || byte === escapeByte)) return -1;
        const following = bytes[at + 1];
        if (byte === escapeByte && (following === quote || following === escapeByte)) {
          simple = false;
          at++;
        } else if (byte === quote) {
          quoted = false;
          if (following !== undefined && following !== delimiter && following !== LF && following !== CR) simple = false;
        }
      } else if (byte === delimiter || byte === LF) break;
      else if (byte === quote) {
        quoted = true;
        simple = false;
      } else if (byte === CR) {
        if (at + 1 >= end && !this.#ended) return -1;
        if (at + 1 >= end || bytes[at + 1] === LF) break;
        throw this.#error(start, 'unquoted carriage return found in data', 'put the field into quotes');
      }
    }
    if (at >= end && !this.#ended) return -1;
    if (quoted) throw this.#error(start, 'unterminated CSV quoted field', 'a quote that opens the field is never closed');
    if (simple) this.#add(start + 1, at - 1, FIELD.quoted);
    else this.#add(start, at, FIELD.mixed);
    return at;
  }

  #isEndMarker(): boolean {
    const start = this.start(0);
    if (this.#fields !== 1 || this.form(0) !== FIELD.plain || this.end(0) - start !== 2) return false;
    return this.bytes[start] === BACKSLASH && this.bytes[start + 1] === DOT;
  }

  #add(start: number, end: number, form: number): void {
    const field = this.#fields++;
    if (field >= this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
      const forms = new Uint8Array(this.#forms.length * 2);
      forms.set(this.#forms);
      this.#forms = forms;
    }
    this.#starts[field] = start;
    this.#ends[field] = end;
    this.#forms[field] = form;
  }

  #endRow(at: number): true {
    let next = at;
    if (this.bytes[next] === CR) next++;
    if (this.bytes[next] === LF) next++;
    this.#at = next;
    let lines = 1;
    for (let field = 0; field < this.#fields; field++) {
      if (this.#forms[field] === FIELD.plain) continue;
      for (let i = this.start(field); i < this.end(field); i++) if (this.bytes[i] === LF) lines++;
    }
    this.#line += lines;
    return true;
  }

  #error(start: number, message: string, hint: string): LumaError {
    let line = this.#rowLine;
    for (let at = this.#rowStart; at < start; at++) if (this.bytes[at] === LF) line++;
    return new LumaError(SQLSTATE.badCopyFileFormat, `line ${line}, column ${this.#fields + 1}: ${message}`, { hint });
  }
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
