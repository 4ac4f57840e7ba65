import type { Socket } from 'node:net';
import type { Database } from '../../engine/database.ts';
import type { Session } from '../../engine/session.ts';
import { asLumaError, LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { authenticate, type Users } from './login/authenticate.ts';
import type { StartupPacket } from './login/startup.ts';
import type { Message, MessageReader } from './messages/message-reader.ts';
import { MessageWriter } from './messages/message-writer.ts';
import { errorResponse, notice, parameterStatus, readyForQuery } from './messages/responses.ts';
import { ExtendedQuery } from './queries/extended-query.ts';
import { simpleQuery } from './queries/simple-query.ts';

/** Output is handed to the socket in pieces of about this size. */
const FLUSH_BYTES = 65_536;
/** PostgreSQL's default of authentication_timeout. */
const AUTHENTICATION_MS = 60_000;

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
  readonly #extended: ExtendedQuery;
  #running: AbortController | undefined;

  constructor(socket: Socket, reader: MessageReader, database: Database, key: BackendKey) {
    this.#socket = socket;
    this.reader = reader;
    this.#key = key;
    this.session = database.session();
    this.#extended = new ExtendedQuery(this);
  }

  /** Stops the query that runs, if one does. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Talks to the client until it goes. Never throws. */
  async serve(startup: StartupPacket, users: Users): Promise<void> {
    try {
      await this.#greet(startup, users);
      await this.#serveMessages();
    } catch (thrown) {
      errorResponse(this.out, asLumaError(thrown), 'FATAL');
    } finally {
      await this.#extended.close();
      this.session.close();
      if (this.#socket.destroyed) this.out.take();
      else this.#socket.end(this.out.take());
    }
  }

  /** Runs `work` so that `cancel` aborts it. */
  async cancellable<Result>(controller: AbortController, work: () => Promise<Result>): Promise<Result> {
    this.#running = controller;
    try {
      return await work();
    } finally {
      this.#running = undefined;
    }
  }

  /** Sends what has been written, and waits while the client does not keep up. Throws 57014 when the client has gone. */
  async flush(): Promise<void> {
    if (this.out.length === 0) return;
    const bytes = this.out.take();
    if (!this.#socket.destroyed && !this.#socket.write(bytes)) await drained(this.#socket);
    if (this.#socket.destroyed) throw new LumaError(SQLSTATE.queryCanceled, 'the client has gone');
  }

  async flushWhenLarge(): Promise<void> {
    if (this.out.length >= FLUSH_BYTES) await this.flush();
  }

  async #greet(startup: StartupPacket, users: Users): Promise<void> {
    const late = setTimeout(() => this.#socket.destroy(), AUTHENTICATION_MS);
    try {
      await authenticate(this, startup, users);
    } finally {
      clearTimeout(late);
    }
    for (const [name, value] of startup.settings) this.#set(name, value);
    this.#reportSettings();
    this.out.begin('K').int32(this.#key.processId).int32(this.#key.secret).end();
    readyForQuery(this.out, this.session.transactionStatus);
    await this.flush();
  }

  /** Drivers announce the time zone of their machine: that must not keep them out, but they are told what they get. */
  #set(name: string, value: string): void {
    try {
      this.session.settings.setDefault(name, value);
    } catch (thrown) {
      const error = asLumaError(thrown);
      if (name.toLowerCase() !== 'timezone' || error.code !== SQLSTATE.invalidParameterValue) throw error;
      notice(this.out, `the time zone ${value} is not supported: times are in UTC`);
    }
  }

  /** Reports the settings whose values the client does not have yet. */
  #reportSettings(): void {
    for (const [setting, name] of REPORTED) {
      const value = this.session.settings.get(setting);
      if (this.#reported.get(name) === value) continue;
      this.#reported.set(name, value);
      parameterStatus(this.out, name, value);
    }
  }

  async #serveMessages(): Promise<void> {
    /** After an error in the extended protocol everything up to Sync is passed over. */
    let skipping = false;
    for (;;) {
      const message = await this.reader.next();
      if (message === undefined || message.type === 'X') return;
      if (skipping && message.type !== 'S') continue;
      switch (message.type) {
        case 'Q':
          await simpleQuery(this, message.body, await this.#extended.giveWay());
          await this.#ready();
          break;
        case 'S':
          skipping = false;
          await this.#sync();
          await this.#ready();
          break;
        case 'H':
          await this.flush();
          break;
        case 'P':
        case 'B':
        case 'D':
        case 'E':
        case 'C':
          skipping = !(await this.#handle(message));
          break;
        case 'F':
          // Answered as a simple query is: no Sync follows (55.2.4).
          await (await this.#extended.giveWay()).abandon();
          this.session.fail();
          errorResponse(this.out, notSupported('the function call protocol', { hint: 'Use SELECT.' }), 'ERROR');
          await this.#ready();
          break;
        case 'd':
        case 'c':
        case 'f':
          // Left over from a COPY that ended with an error (protocol, 55.2.6).
          break;
        default:
          throw new LumaError(SQLSTATE.protocolViolation, `invalid frontend message type ${message.type.charCodeAt(0)}`);
      }
    }
  }

  /** Gives whether the message was answered without an error. */
  async #handle(message: Message): Promise<boolean> {
    try {
      await this.#extended.handle(message);
      await this.flushWhenLarge();
      return true;
    } catch (thrown) {
      this.session.fail();
      errorResponse(this.out, asLumaError(thrown), 'ERROR', this.#extended.text);
      return false;
    }
  }

  async #sync(): Promise<void> {
    try {
      await this.#extended.sync();
    } catch (thrown) {
      errorResponse(this.out, asLumaError(thrown), 'ERROR');
    }
  }

  async #ready(): Promise<void> {
    await this.#extended.closeFinished();
    this.#reportSettings();
    readyForQuery(this.out, this.session.transactionStatus);
    await this.flush();
  }
}

/** Resolves when the socket can take more, or is closed. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
