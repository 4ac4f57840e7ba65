import { Database } from '../engine/database.ts';
import { createDemo } from '../engine/demo.ts';
import type { ServeOptions } from '../shell/command-line.ts';
import { asLumaError, formatError, LumaError, SQLSTATE } from '../types/error.ts';
import { HttpServer } from './http/server.ts';
import type { Users } from './pgwire/authenticate.ts';
import { verifierOf } from './pgwire/scram.ts';
import { PgWireServer } from './pgwire/server.ts';

/** `lumadb serve`: runs until SIGINT or SIGTERM, then ends connections and closes the database. */
export async function serve(path: string | undefined, options: ServeOptions): Promise<void> {
  try {
    const users = usersOf(options.user);
    const database = await Database.open(path);
    if (options.demo === true) await createDemo(database);
    const pg = new PgWireServer(database, users);
    const http = new HttpServer(database);
    const pgPort = await pg.listen(options.pgPort, options.host);
    const httpPort = await http.listen(options.httpPort, options.host);
    process.stdout.write(`database   ${path ?? 'in memory'}\n`);
    process.stdout.write(`PostgreSQL ${options.host}:${pgPort}  ${users.size === 0 ? 'everyone is trusted' : 'SCRAM-SHA-256'}\n`);
    process.stdout.write(`HTTP       http://${options.host}:${httpPort}  /api/v1/query /api/v1/query_range /api/v1/write\n`);
    await stopSignal();
    await Promise.all([pg.close(), http.close()]);
    await database.close();
  } catch (thrown) {
    process.stderr.write(`${formatError(asLumaError(thrown))}\n`);
    process.exitCode = 1;
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
