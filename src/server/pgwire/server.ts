import { randomInt } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Database } from '../../engine/database.ts';
import { asLumaError } from '../../types/error.ts';
import type { Users } from './authenticate.ts';
import { Connection } from './connection.ts';
import { MessageReader } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { errorResponse } from './responses.ts';
import { readFirstPacket } from './startup.ts';

/** PostgreSQL's frontend/backend protocol 3.0 over TCP: one session per connection. */
export class PgWireServer {
  readonly #database: Database;
  readonly #users: Users;
  readonly #server: Server;
  readonly #connections = new Map<
    number,
    { readonly secret: number; readonly connection: Connection; readonly socket: Socket }
  >();
  #lastProcessId = 0;

  constructor(database: Database, users: Users = new Map()) {
    this.#database = database;
    this.#users = users;
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => void this.#accept(socket));
  }

  /** Starts to listen; port 0 picks a free one. Resolves to the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Takes no more connections and ends those there are. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { connection, socket } of this.#connections.values()) {
      connection.cancel();
      socket.destroy();
    }
    await closed;
  }

  async #accept(socket: Socket): Promise<void> {
    // Errors of the socket end the reading loop below; without a listener they would end the process.
    socket.on('error', () => socket.destroy());
    try {
      await this.#greet(socket);
    } catch (thrown) {
      const out = new MessageWriter();
      errorResponse(out, asLumaError(thrown), 'FATAL');
      if (!socket.destroyed) socket.end(out.take());
    }
  }

  async #greet(socket: Socket): Promise<void> {
    const reader = new MessageReader(socket);
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
          socket.end();
          return;
        }
        case 'startup': {
          const key = { processId: ++this.#lastProcessId, secret: randomInt(2 ** 31) };
          const connection = new Connection(socket, reader, this.#database, key);
          this.#connections.set(key.processId, { secret: key.secret, connection, socket });
          try {
            await connection.serve(packet, this.#users);
          } finally {
            this.#connections.delete(key.processId);
          }
          return;
        }
      }
    }
  }
}
