import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Database } from '../../engine/database.ts';
import { asLumaError } from '../../types/error.ts';
import { prometheusRoutes } from './prometheus/routes.ts';
import { type HttpRequest, readRequest } from './request.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One endpoint: a path, its methods, what it answers, and how its protocol says an error. */
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

/** The HTTP endpoints of every ecosystem that LumaDB answers to. */
export class HttpServer {
  readonly #database: Database;
  readonly #server: Server;
  readonly #routes: ReadonlyMap<string, Route>;

  constructor(database: Database) {
    this.#database = database;
    this.#routes = new Map([HEALTHY, ...prometheusRoutes].map((route) => [route.path, route]));
    this.#server = createServer((message, response) => void this.#answer(message, response));
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

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await this.#route(message, gone.signal);
    if (response.destroyed) return;
    response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8', ...answer.headers });
    response.end(message.method === 'HEAD' ? undefined : answer.body);
  }

  async #route(message: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    const route = this.#routes.get(path);
    if (route === undefined)
      return { status: 404, body: `404 page not found\nendpoints: ${[...this.#routes.keys()].join(' ')}\n` };
    if (!route.methods.includes(message.method ?? '')) {
      return {
        status: 405,
        headers: { allow: route.methods.join(', ') },
        body: `405 method not allowed: use ${route.methods.join(' or ')}\n`,
      };
    }
    try {
      return await route.handle(await readRequest(message, signal), this.#database);
    } catch (thrown) {
      return route.failed(thrown);
    }
  }
}
