import type { Socket } from 'node:net';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { Body } from './body.ts';

/** PostgreSQL refuses longer messages from a client too (PQ_LARGE_MESSAGE_LIMIT, src/include/libpq/libpq.h). */
export const MAX_MESSAGE_BYTES = 0x3fffffff;
/** MAX_STARTUP_PACKET_LENGTH (src/include/libpq/pqcomm.h). */
const MAX_STARTUP_BYTES = 10_000;
/** What a client may send ahead of being read; beyond it waits in its own system's buffers. */
const READ_AHEAD_BYTES = 1 << 20;

/** One message from the client: its type byte (empty for the start-up packet) and its body. */
export interface Message {
  readonly type: string;
  readonly body: Body;
}

/**
 * Splits a connection's bytes into messages (PostgreSQL protocol, 55.1 and 55.7). The socket is read also while nobody
 * waits for a message, so that a client that goes away is noticed while its query runs.
 */
export class MessageReader {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #waiting: { readonly count: number; readonly resolve: (filled: boolean) => void } | undefined;

  /** `gone` is called once, when no more bytes will come. */
  constructor(socket: Socket, gone: () => void) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    const end = (): void => {
      if (this.#ended) return;
      this.#ended = true;
      this.#settle();
      gone();
    };
    socket.once('end', end);
    socket.once('close', end);
  }

  /** The untyped packet that opens a connection, or undefined when the client has gone. */
  async startup(): Promise<Message | undefined> {
    if (!(await this.#fill(4))) return undefined;
    const length = this.#peek(4).readInt32BE(0);
    checkLength(length, 8, MAX_STARTUP_BYTES);
    return this.#message('', 0, length);
  }

  /** The next message, or undefined when the client has gone. Throws 08P01 for one longer than `most` bytes. */
  async next(most = MAX_MESSAGE_BYTES): Promise<Message | undefined> {
    if (!(await this.#fill(5))) return undefined;
    const header = this.#peek(5);
    const length = header.readInt32BE(1);
    checkLength(length, 4, most);
    return this.#message(String.fromCharCode(header[0] ?? 0), 1, length);
  }

  async #message(type: string, at: number, length: number): Promise<Message | undefined> {
    if (!(await this.#fill(at + length))) return undefined;
    const bytes = this.#peek(at + length);
    const [first = bytes] = this.#chunks;
    this.#chunks[0] = first.subarray(at + length);
    this.#length -= at + length;
    return { type, body: new Body(bytes.subarray(at + 4, at + length)) };
  }

  /** The first `count` bytes, which are there, in one piece. */
  #peek(count: number): Buffer {
    let [first = Buffer.alloc(0)] = this.#chunks;
    if (first.length < count) {
      first = Buffer.concat(this.#chunks, this.#length);
      this.#chunks = [first];
    }
    return first.subarray(0, count);
  }

  #received(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#waiting === undefined) {
      if (this.#length >= READ_AHEAD_BYTES) this.#socket.pause();
    } else if (this.#length >= this.#waiting.count) this.#settle();
  }

  /** Waits for `count` bytes; false when the connection ends before. */
  #fill(count: number): Promise<boolean> {
    if (this.#length >= count || this.#ended) return Promise.resolve(this.#length >= count);
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
      this.#socket.resume();
    });
  }

  #settle(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(this.#length >= waiting.count);
  }
}

function checkLength(length: number, least: number, most: number): void {
  if (length < least || length > most) throw new LumaError(SQLSTATE.protocolViolation, `invalid message length ${length}`);
}
