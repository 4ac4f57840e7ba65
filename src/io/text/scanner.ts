import { LumaError, SQLSTATE } from '../../types/error.ts';
import { FIELD, type RowScanner } from '../row-scanner.ts';
import type { TextFormat } from './options.ts';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
const DOT = 46;

/** Backslash sequences that stand for one byte (PostgreSQL, COPY, "Text Format"); any other character stands for itself. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  [
    ['b', 8],
    ['f', 12],
    ['n', LF],
    ['r', CR],
    ['t', 9],
    ['v', 11],
  ].map(([letter, byte]) => [String(letter).charCodeAt(0), Number(byte)]),
);

/**
 * Finds rows and fields in the text format of PostgreSQL's COPY (src/backend/commands/copyfromparse.c,
 * CopyReadAttributesText): a backslash takes the meaning from the byte after it, also from a delimiter or a line end. Lines
 * end with LF or CR LF; a line `\.` ends the data.
 *
 * Bytes come in pieces; `next` wants more (false) until a whole row is there, and field bounds are valid until the next call.
 */
export class TextScanner implements RowScanner {
  readonly #format: TextFormat;
  bytes: Buffer = Buffer.alloc(0);
  #scratch: Buffer = Buffer.alloc(256);
  #at = 0;
  #ended = false;
  #done = false;
  #line = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #escaped: boolean[] = [];

  constructor(format: TextFormat) {
    this.#format = format;
  }

  get fields(): number {
    return this.#starts.length;
  }

  get line(): number {
    return this.#line;
  }

  get scratch(): Buffer {
    return this.#scratch;
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

  /** A field that is NULL counts as plain, although its text begins with a backslash. */
  form(field: number): number {
    return this.#escaped[field] === true && !this.#isNull(field) ? FIELD.mixed : FIELD.plain;
  }

  /** An escaped line end is part of its line here. */
  lineOf(): number {
    return this.#line;
  }

  push(piece: Uint8Array): void {
    const rest = this.bytes.subarray(this.#at);
    this.bytes = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece]);
    this.#at = 0;
  }

  finish(): void {
    this.#ended = true;
  }

  next(): boolean {
    if (this.#done || this.#at >= this.bytes.length) return false;
    const end = this.#contentEnd();
    if (end < 0) return false;
    if (end - this.#at === 2 && this.bytes[this.#at] === BACKSLASH && this.bytes[this.#at + 1] === DOT) {
      this.#done = true;
      return false;
    }
    this.#line++;
    this.#split(this.#at, end);
    this.#at = end + (this.bytes[end] === CR ? 2 : 1);
    return true;
  }

  unquote(field: number): number {
    const { bytes } = this;
    const end = this.end(field);
    const start = this.start(field);
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc((end - start) * 2);
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte !== BACKSLASH || at + 1 >= end) {
        this.#scratch[length++] = byte;
        continue;
      }
      at++;
      const number = this.#numbered(at, end);
      if (number !== undefined) {
        this.#scratch[length++] = number.byte;
        at = number.last;
      } else {
        const following = bytes[at] ?? 0;
        this.#scratch[length++] = ESCAPES.get(following) ?? following;
      }
    }
    return length;
  }

  /** `\101` and `\x41`: up to three octal or two hexadecimal digits. */
  #numbered(at: number, end: number): { readonly byte: number; readonly last: number } | undefined {
    const text = this.bytes.toString('latin1', at, Math.min(end, at + 3));
    const [digits = ''] = /^(?:[0-7]{1,3}|x[\da-fA-F]{1,2})/.exec(text) ?? [];
    if (digits === '') return undefined;
    const byte = digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 8) & 0xff;
    return { byte, last: at + digits.length - 1 };
  }

  /** Where the line's LF or CR LF is, or the end of the data; -1 when more bytes are needed. */
  #contentEnd(): number {
    const { bytes } = this;
    for (let at = this.#at; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === LF || (byte === CR && bytes[at + 1] === LF)) return at;
    }
    return this.#ended ? bytes.length : -1;
  }

  #split(start: number, end: number): void {
    const { bytes } = this;
    this.#starts = [];
    this.#ends = [];
    this.#escaped = [];
    let from = start;
    let escaped = false;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) {
        escaped = true;
        at++;
      } else if (byte === this.#format.delimiter) {
        this.#add(from, at, escaped);
        from = at + 1;
        escaped = false;
      } else if (byte === CR) {
        throw new LumaError(SQLSTATE.badCopyFileFormat, `line ${this.#line}: literal carriage return found in data`, {
          hint: 'Write it as "\\r".',
        });
      }
    }
    this.#add(from, end, escaped);
  }

  #add(start: number, end: number, escaped: boolean): void {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#escaped.push(escaped);
  }

  #isNull(field: number): boolean {
    return this.#format.nullBytes.equals(this.bytes.subarray(this.start(field), this.end(field)));
  }
}
