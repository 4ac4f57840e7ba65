import { Database } from '../engine/database.ts';
import { createDemo } from '../engine/demo.ts';
import type { ServeOptions } from '../shell/command-line.ts';
import { asLumaError, formatError, LumaError, SQLSTATE } from '../types/error.ts';
import { HttpServer } from './http/server.ts';
import type { Users } from './pgwire/login/authenticate.ts';
import { verifierOf } from './pgwire/login/scram.ts';
import { PgWireServer } from './pgwire/server.ts';

/** `lumadb serve`: runs until SIGINT or SIGTERM, then ends connections and closes the database. */
export async function serve(path: string | undefined, options: ServeOptions): Promise<void> {
  try {
    const users = usersOf(options.user);
    await using database = await Database.open(path);
    if (options.demo === true) await createDemo(database);
    const pg = new PgWireServer(database, users);
    const http = new HttpServer(database);
    try {
      const { host } = options;
      const pgPort = await listening(pg, options.pgPort, host, '--pg-port');
      const httpPort = await listening(http, options.httpPort, host, '--http-port');
      process.stdout.write(`database   ${path ?? 'in memory'}\n`);
      process.stdout.write(`PostgreSQL ${host}:${pgPort}  ${users.size === 0 ? 'everyone is trusted' : 'SCRAM-SHA-256'}\n`);
      process.stdout.write(`HTTP       http://${host}:${httpPort}  /api/v1/query /api/v1/query_range /api/v1/write\n`);
      await stopSignal();
    } finally {
      await Promise.all([pg.close(), http.close()]);
    }
  } catch (thrown) {
    process.stderr.write(`${formatError(asLumaError(thrown))}\n`);
    process.exitCode = 1;
  }
}

/** Throws 58030 when the address is taken or cannot be had. */
async function listening(
  server: { listen(port: number, host: string): Promise<number> },
  port: number,
  host: string,
  option: string,
): Promise<number> {
  try {
    return await server.listen(port, host);
  } catch (cause) {
    const message = `cannot listen on ${host}:${port}: ${asLumaError(cause).message}`;
    throw new LumaError(SQLSTATE.ioError, message, { hint: `${option} chooses another port, 0 a free one.`, cause });
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function usersOf(given: readonly string[]): Users {
  return new Map(
    given.map((text) => {
      const colon = text.indexOf(':');
      if (colon <= 0) {
        throw new LumaError(SQLSTATE.invalidParameterValue, `--user takes name:password, not "${text}"`);
      }
      return [text.slice(0, colon), verifierOf(text.slice(colon + 1))] as const;
    }),
  );
}
