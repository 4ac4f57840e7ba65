import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Database, type DatabaseOptions } from '../../../src/engine/database.ts';
import { verifierOf } from '../../../src/server/pgwire/login/scram.ts';
import { Body } from '../../../src/server/pgwire/messages/body.ts';
import { PgWireServer } from '../../../src/server/pgwire/server.ts';

export interface TestServer {
  readonly port: number;
  readonly database: Database;
  readonly server: PgWireServer;
  close(): Promise<void>;
}

/** A server on a free port over a database in memory. */
export async function startServer(
  options: DatabaseOptions & { readonly users?: Readonly<Record<string, string>> } = {},
): Promise<TestServer> {
  const database = await Database.open(undefined, { threads: 2, ...options });
  const users = Object.entries(options.users ?? {}).map(([name, password]) => [name, verifierOf(password)] as const);
  const server = new PgWireServer(database, new Map(users));
  const port = await server.listen(0, '127.0.0.1');
  const close = async (): Promise<void> => {
    await server.close();
    await database.close();
  };
  return { port, database, server, close };
}

/** A query that runs for minutes, and notices a cancel. */
export const LONG_QUERY = 'select count(*) from generate_series(1, 400000) a(x), generate_series(1, 400000) b(y) where x + y = 7';

/** A message of the server. */
export interface Reply {
  readonly type: string;
  readonly body: Body;
}

/** Speaks the protocol byte by byte. */
export class RawClient {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => {};
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Connected, and through the start-up of a server that trusts everyone. */
  static async session(port: number, settings: Readonly<Record<string, string>> = {}): Promise<RawClient> {
    const client = await RawClient.connect(port);
    client.startup({ user: 'tester', database: 'test', ...settings });
    await client.until('Z');
    return client;
  }

  startup(parameters: Readonly<Record<string, string>>, version = 196_608): void {
    const text = `${Object.entries(parameters).flat().join('\0')}\0\0`;
    const body = Buffer.concat([int32(version), Buffer.from(text)]);
    this.socket.write(Buffer.concat([int32(body.length + 4), body]));
  }

  send(type: string, ...parts: readonly (Buffer | string)[]): void {
    const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
    this.socket.write(Buffer.concat([Buffer.from(type), int32(body.length + 4), body]));
  }

  query(text: string): void {
    this.send('Q', text, '\0');
  }

  parse(text: string, { name = '', types = [] }: { readonly name?: string; readonly types?: readonly number[] } = {}): void {
    this.send('P', `${name}\0${text}\0`, int16(types.length), ...types.map(int32));
  }

  bind(
    params: readonly (string | Buffer | null)[] = [],
    {
      portal = '',
      statement = '',
      formats = [],
      results = [],
    }: {
      readonly portal?: string;
      readonly statement?: string;
      readonly formats?: readonly number[];
      readonly results?: readonly number[];
    } = {},
  ): void {
    const values = params.flatMap((param) => {
      if (param === null) return [int32(-1)];
      const bytes = Buffer.from(param);
      return [int32(bytes.length), bytes];
    });
    this.send(
      'B',
      `${portal}\0${statement}\0`,
      int16(formats.length),
      ...formats.map(int16),
      uint16(params.length),
      Buffer.concat(values),
      int16(results.length),
      ...results.map(int16),
    );
  }

  describe(kind: 'S' | 'P', name = ''): void {
    this.send('D', `${kind}${name}\0`);
  }

  execute(limit = 0, portal = ''): void {
    this.send('E', `${portal}\0`, int32(limit));
  }

  sync(): void {
    this.send('S');
  }

  /** One byte that is no message. */
  async byte(): Promise<string> {
    while (this.#bytes.length === 0 && !this.closed) await this.#more();
    const byte = this.#bytes.toString('latin1', 0, 1);
    this.#bytes = this.#bytes.subarray(1);
    return byte;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The next message, or undefined when the server has closed the connection. */
  async next(): Promise<Reply | undefined> {
    for (;;) {
      const length = this.#bytes.length >= 5 ? this.#bytes.readInt32BE(1) + 1 : Number.POSITIVE_INFINITY;
      if (this.#bytes.length >= length) {
        const type = this.#bytes.toString('latin1', 0, 1);
        const body = new Body(this.#bytes.subarray(5, length));
        this.#bytes = this.#bytes.subarray(length);
        return { type, body };
      }
      if (this.closed) return undefined;
      await this.#more();
    }
  }

  /** Messages up to the first of a type, it included, each as `summary` has it. */
  async until(type: string): Promise<string[]> {
    const seen: string[] = [];
    for (;;) {
      const reply = await this.next();
      if (reply === undefined) return seen;
      seen.push(summary(reply));
      if (reply.type === type) return seen;
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.socket.end();
    await once(this.socket, 'close');
  }
}

/** A message in a line: `D 1|x|null`, `C SELECT 1`, `E 42601 … @3`, `Z I`, `T a:23 b:25`; others just their letter. */
export function summary({ type, body }: Reply): string {
  switch (type) {
    case 'D':
      return `D ${Array.from({ length: body.int16() }, () => field(body)).join('|')}`;
    case 'C':
      return `C ${body.text()}`;
    case 'Z':
      return `Z ${String.fromCharCode(body.int8())}`;
    case 'T':
      return `T ${Array.from({ length: body.int16() }, () => column(body)).join(' ')}`.trim();
    case 't':
      return `t ${Array.from({ length: body.count() }, () => body.int32()).join(' ')}`.trim();
    case 'E':
    case 'N':
      return error(type, body);
    default:
      return type;
  }
}

function field(body: Body): string {
  const length = body.int32();
  return length < 0 ? 'null' : body.bytes(length).toString();
}

function column(body: Body): string {
  const name = body.text();
  body.int32();
  body.int16();
  const oid = body.int32();
  body.int16();
  body.int32();
  const format = body.int16();
  return `${name}:${oid}${format === 1 ? ':binary' : ''}`;
}

function error(type: string, body: Body): string {
  const fields = new Map<string, string>();
  for (let code = body.int8(); code !== 0; code = body.int8()) fields.set(String.fromCharCode(code), body.text());
  const place = fields.has('P') ? ` @${fields.get('P')}` : '';
  return `${type} ${fields.get('S')} ${fields.get('C')} ${fields.get('M')}${place}`;
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

export function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

/** Whether a program can be started. */
export function installed(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a PostgreSQL client against the server. */
export async function runClient(
  program: string,
  args: readonly string[],
  port: number,
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    env: {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: 'tester',
      PGDATABASE: 'test',
      PGCONNECT_TIMEOUT: '10',
      ...env,
    },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, ...output };
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
