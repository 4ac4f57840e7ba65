import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Database } from '../../engine/database.ts';
import type { Session } from '../../engine/session.ts';
import { asLumaError, LumaError, SQLSTATE } from '../../types/error.ts';
import { authenticate, type Users } from './authenticate.ts';
import { ExtendedQuery } from './extended-query.ts';
import type { Message, MessageReader } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { errorResponse, parameterStatus, readyForQuery } from './responses.ts';
import { simpleQuery } from './simple-query.ts';
import type { StartupPacket } from './startup.ts';

/** Output is handed to the socket in pieces of about this size. */
const FLUSH_BYTES = 65_536;

/** What a client needs to cancel a query from another connection. */
export interface BackendKey {
  readonly processId: number;
  readonly secret: number;
}

/** Settings that PostgreSQL reports to every client, and reports again when they change. */
const REPORTED: readonly (readonly [setting: string, reportedAs: string])[] = [
  ['server_version', 'server_version'],
  ['server_encoding', 'server_encoding'],
  ['client_encoding', 'client_encoding'],
  ['application_name', 'application_name'],
  ['datestyle', 'DateStyle'],
  ['integer_datetimes', 'integer_datetimes'],
  ['intervalstyle', 'IntervalStyle'],
  ['timezone', 'TimeZone'],
  ['standard_conforming_strings', 'standard_conforming_strings'],
];

/** One client: its socket, its session, one message at a time. */
export class Connection {
  readonly out = new MessageWriter();
  readonly reader: MessageReader;
  readonly session: Session;
  readonly #socket: Socket;
  readonly #key: BackendKey;
  readonly #reported = new Map<string, string>();
  #running: AbortController | undefined;

  constructor(socket: Socket, reader: MessageReader, database: Database, key: BackendKey) {
    this.#socket = socket;
    this.reader = reader;
    this.#key = key;
    this.session = database.session();
    socket.once('close', () => this.cancel());
  }

  /** Stops the query that runs, if one does. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Talks to the client until it goes. */
  async serve(startup: StartupPacket, users: Users): Promise<void> {
    try {
      await authenticate(this, startup, users);
      for (const [name, value] of startup.settings) this.session.settings.set(name, value);
      this.reportSettings();
      this.out.begin('K').int32(this.#key.processId).int32(this.#key.secret).end();
      readyForQuery(this.out, this.session.transactionStatus);
      await this.flush();
      await this.#serveMessages();
    } catch (thrown) {
      errorResponse(this.out, asLumaError(thrown), 'FATAL');
      await this.flush();
    } finally {
      this.cancel();
      this.session.close();
      this.#socket.end();
    }
  }

  /** Runs `work` with a signal that `cancel` raises. */
  async cancellable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    this.#running = controller;
    try {
      return await work(controller.signal);
    } finally {
      this.#running = undefined;
    }
  }

  /** Sends what has been written, and waits while the client does not keep up. */
  async flush(): Promise<void> {
    if (this.out.length === 0) return;
    if (this.#socket.destroyed) {
      this.out.take();
      throw new LumaError(SQLSTATE.queryCanceled, 'the client has gone');
    }
    if (!this.#socket.write(this.out.take())) await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]);
  }

  async flushWhenLarge(): Promise<void> {
    if (this.out.length >= FLUSH_BYTES) await this.flush();
  }

  /** Reports the settings whose values the client does not have yet. */
  reportSettings(): void {
    for (const [setting, name] of REPORTED) {
      const value = this.session.settings.get(setting);
      if (this.#reported.get(name) === value) continue;
      this.#reported.set(name, value);
      parameterStatus(this.out, name, value);
    }
  }

  async #serveMessages(): Promise<void> {
    const extended = new ExtendedQuery(this);
    /** After an error in the extended protocol everything up to Sync is passed over. */
    let skipping = false;
    for (;;) {
      const message = await this.reader.next();
      if (message === undefined || message.type === 'X') return;
      if (skipping && message.type !== 'S') continue;
      switch (message.type) {
        case 'Q':
          await simpleQuery(this, message.body.text());
          await this.#ready();
          break;
        case 'S':
          skipping = false;
          await extended.sync();
          await this.#ready();
          break;
        case 'H':
          await this.flush();
          break;
        case 'd':
        case 'c':
        case 'f':
          // Left over from a COPY that ended with an error (protocol, 55.2.6).
          break;
        default:
          skipping = !(await this.#extended(extended, message));
      }
    }
  }

  /** Gives whether the message was answered without an error. */
  async #extended(extended: ExtendedQuery, message: Message): Promise<boolean> {
    try {
      await extended.handle(message);
      await this.flushWhenLarge();
      return true;
    } catch (thrown) {
      errorResponse(this.out, asLumaError(thrown), 'ERROR', extended.text);
      return false;
    }
  }

  async #ready(): Promise<void> {
    this.reportSettings();
    readyForQuery(this.out, this.session.transactionStatus);
    await this.flush();
  }
}
