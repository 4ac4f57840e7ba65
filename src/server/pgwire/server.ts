import { randomInt } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Database } from '../../engine/database.ts';
import { asLumaError } from '../../types/error.ts';
import { listen } from '../listen.ts';
import { Connection } from './connection.ts';
import type { Users } from './login/authenticate.ts';
import { readFirstPacket } from './login/startup.ts';
import { MessageReader } from './messages/message-reader.ts';
import { MessageWriter } from './messages/message-writer.ts';
import { errorResponse } from './messages/responses.ts';

interface Client {
  readonly secret: number;
  readonly connection: Connection;
}

/** PostgreSQL's frontend/backend protocol 3.0 over TCP: one session per connection. */
export class PgWireServer {
  readonly #database: Database;
  readonly #users: Users;
  readonly #server: Server;
  readonly #connections = new Map<number, Client>();
  /** Every socket, also those that have not said who they are, with what answers it. */
  readonly #sockets = new Map<Socket, Promise<void>>();
  #lastProcessId = 0;

  constructor(database: Database, users: Users = new Map()) {
    this.#database = database;
    this.#users = users;
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket));
  }

  /** Starts to listen; port 0 picks a free one. Resolves to the port. */
  listen(port: number, host: string): Promise<number> {
    return listen(this.#server, port, host);
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes no more connections and ends those there are; resolves when their queries have stopped. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const ending = [...this.#sockets].map(([socket, answered]) => {
      socket.destroy();
      return answered;
    });
    await Promise.all([closed, ...ending]);
  }

  #accept(socket: Socket): void {
    // A socket that fails is closed, which ends its reader; without a listener the error would end the process.
    socket.on('error', () => socket.destroy());
    const answered = this.#answer(socket).finally(() => this.#sockets.delete(socket));
    this.#sockets.set(socket, answered);
  }

  /** Never throws. */
  async #answer(socket: Socket): Promise<void> {
    let client: Client | undefined;
    const reader = new MessageReader(socket, () => client?.connection.cancel());
    try {
      for (;;) {
        const message = await reader.startup();
        if (message === undefined) return;
        const packet = readFirstPacket(message.body);
        switch (packet.type) {
          case 'ssl':
          case 'gss':
            socket.write('N');
            break;
          case 'cancel': {
            const target = this.#connections.get(packet.processId);
            if (target?.secret === packet.secret) target.connection.cancel();
            return;
          }
          case 'startup': {
            const key = { processId: ++this.#lastProcessId, secret: randomInt(2 ** 31) };
            client = { secret: key.secret, connection: new Connection(socket, reader, this.#database, key) };
            this.#connections.set(key.processId, client);
            try {
              await client.connection.serve(packet, this.#users);
            } finally {
              this.#connections.delete(key.processId);
            }
            return;
          }
        }
      }
    } catch (thrown) {
      const out = new MessageWriter();
      errorResponse(out, asLumaError(thrown), 'FATAL');
      if (!socket.destroyed) socket.write(out.take());
    } finally {
      socket.end();
    }
  }
}
