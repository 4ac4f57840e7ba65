import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { decodeUtf8 } from '../../../types/utf8.ts';

/** Reads the fields of a message body in order; throws 08P01 past its end. */
export class Body {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  int8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** A count of things that follow: 16 bits without a sign. */
  count(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  /** A zero-terminated UTF-8 string; throws 22021 where it is not UTF-8. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw violation('invalid string in message');
    const text = decodeUtf8(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  bytes(count: number): Buffer {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  /** Throws when the message goes on: it was not what it seemed to be. */
  end(): void {
    if (this.remaining > 0) throw violation('invalid message format');
  }

  #take(count: number): number {
    if (count < 0 || this.remaining < count) throw violation('insufficient data left in message');
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

function violation(message: string): LumaError {
  return new LumaError(SQLSTATE.protocolViolation, message);
}
