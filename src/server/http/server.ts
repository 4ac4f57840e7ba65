import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Database } from '../../engine/database.ts';
import { asLumaError } from '../../types/error.ts';
import { listen } from '../listen.ts';
import { prometheusRoutes } from './prometheus/routes.ts';
import { type HttpRequest, readRequest } from './request.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One endpoint: a path (`:name` stands for any segment), its methods, what it answers, and how its protocol says an error. */
export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  handle(request: HttpRequest, database: Database): Promise<HttpResponse>;
  failed(thrown: unknown): HttpResponse;
}

const HEALTHY: Route = {
  path: '/-/healthy',
  methods: ['GET', 'HEAD'],
  handle: async () => ({ status: 200, body: 'LumaDB is Healthy.\n' }),
  failed: (thrown) => ({ status: 500, body: `${asLumaError(thrown).message}\n` }),
};

/** Shorter answers are not worth compressing. */
const COMPRESSED_BYTES = 1400;
/** Fast: repetitive text shrinks well at any level, and the answer waits for it. */
const compress = promisify(gzip);

/** The HTTP endpoints of every ecosystem that LumaDB answers to. */
export class HttpServer {
  readonly #database: Database;
  readonly #server: Server;
  readonly #routes: readonly (Route & { readonly pattern: RegExp })[];
  readonly #answering = new Set<Promise<void>>();

  constructor(database: Database) {
    this.#database = database;
    this.#routes = [HEALTHY, ...prometheusRoutes].map((route) => ({ ...route, pattern: patternOf(route.path) }));
    this.#server = createServer((message, response) => {
      const answering = this.#answer(message, response).finally(() => this.#answering.delete(answering));
      this.#answering.add(answering);
    });
  }

  /** Starts to listen; port 0 picks a free one. Resolves to the port. */
  listen(port: number, host: string): Promise<number> {
    return listen(this.#server, port, host);
  }

  /** Takes no more requests and ends those there are; resolves when their queries have stopped. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await Promise.all([closed, ...this.#answering]);
  }

  /** Never throws. */
  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { status, headers, body = '' } = await this.#route(message, gone.signal);
    const bytes = Buffer.from(body);
    const squeeze = bytes.length >= COMPRESSED_BYTES && accepts(message, 'gzip');
    const sent = squeeze ? await compress(bytes, { level: constants.Z_BEST_SPEED }) : bytes;
    if (response.destroyed) return;
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      ...(squeeze ? { 'content-encoding': 'gzip' } : {}),
      ...(status === 204 ? {} : { 'content-length': sent.length }),
      ...headers,
    });
    response.end(message.method === 'HEAD' ? undefined : sent);
  }

  async #route(message: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    const route = this.#routes.find(({ pattern }) => pattern.test(path));
    if (route === undefined) {
      return { status: 404, body: `404 page not found\nendpoints: ${this.#routes.map((each) => each.path).join(' ')}\n` };
    }
    if (!route.methods.includes(message.method ?? '')) {
      return {
        status: 405,
        headers: { allow: route.methods.join(', ') },
        body: `405 method not allowed: use ${route.methods.join(' or ')}\n`,
      };
    }
    try {
      const names = decodedNames(route.pattern.exec(path)?.groups ?? {});
      return await route.handle(await readRequest(message, names, signal), this.#database);
    } catch (thrown) {
      return route.failed(thrown);
    }
  }
}

/** `/a/:name/b` as a regular expression with a group of that name. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

/** A segment that is no valid encoding stands for itself. */
function decodedNames(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]));
}

function accepts(message: IncomingMessage, encoding: string): boolean {
  const accepted = message.headers['accept-encoding'];
  return typeof accepted === 'string' && accepted.split(',').some((each) => each.trim().split(';')[0] === encoding);
}
