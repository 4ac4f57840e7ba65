import { LumaError, SQLSTATE } from '../../types/error.ts';

/** PostgreSQL refuses longer messages from a client too (PQ_LARGE_MESSAGE_LIMIT, src/include/libpq/libpq.h). */
const MAX_MESSAGE_BYTES = 0x3fffffff;
/** MAX_STARTUP_PACKET_LENGTH (src/include/libpq/pqcomm.h). */
const MAX_STARTUP_BYTES = 10_000;

/** One message from the client: its type byte (empty for the start-up packet) and its body. */
export interface Message {
  readonly type: string;
  readonly body: Body;
}

/** Splits a connection's bytes into messages (PostgreSQL protocol, 55.1 and 55.7). */
export class MessageReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The untyped packet that opens a connection, or undefined when the client has gone. */
  async startup(): Promise<Message | undefined> {
    if (!(await this.#fill(4))) return undefined;
    const length = this.#bytes.readInt32BE(0);
    checkLength(length, 8, MAX_STARTUP_BYTES);
    return this.#message('', 0, length);
  }

  /** The next message, or undefined when the client has gone. */
  async next(): Promise<Message | undefined> {
    if (!(await this.#fill(5))) return undefined;
    const length = this.#bytes.readInt32BE(1);
    checkLength(length, 4, MAX_MESSAGE_BYTES);
    return this.#message(String.fromCharCode(this.#bytes[0] ?? 0), 1, length);
  }

  async #message(type: string, at: number, length: number): Promise<Message | undefined> {
    if (!(await this.#fill(at + length))) return undefined;
    const body = new Body(this.#bytes.subarray(at + 4, at + length));
    this.#bytes = this.#bytes.subarray(at + length);
    return { type, body };
  }

  /** Waits for `count` bytes; false when the connection ends before. */
  async #fill(count: number): Promise<boolean> {
    if (this.#bytes.length >= count) return true;
    const chunks: Uint8Array[] = [this.#bytes];
    let have = this.#bytes.length;
    while (have < count) {
      const { value, done } = await this.#source.next();
      if (done === true) return false;
      chunks.push(value);
      have += value.length;
    }
    this.#bytes = Buffer.concat(chunks, have);
    return true;
  }
}

function checkLength(length: number, least: number, most: number): void {
  if (length < least || length > most) throw violation(`invalid message length ${length}`);
}

function violation(message: string): LumaError {
  return new LumaError(SQLSTATE.protocolViolation, message);
}

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

  /** A zero-terminated UTF-8 string. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw violation('unterminated string in message');
    const text = this.#bytes.toString('utf8', this.#at, end);
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

  #take(count: number): number {
    if (count < 0 || this.remaining < count) throw violation('insufficient data left in message');
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
