import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG_QUERY, RawClient, startServer, type TestServer } from './support.ts';

/** What a server must stand: clients that come and go, stall, or ask for too much. */

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ memoryLimit: 512 << 20 });
});
afterAll(() => server.close());

async function eventually(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds()) && performance.now() < end) await sleep(10);
  expect(await holds()).toBe(true);
}

async function connected<Result>(work: (client: pg.Client) => Promise<Result>, to = server): Promise<Result> {
  const client = new pg.Client({ host: '127.0.0.1', port: to.port, user: 'tester', database: 'test' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether a query runs: the threads of this process have work. On a machine with much to do they may get little time. */
async function isBusy(): Promise<boolean> {
  const before = process.cpuUsage();
  await sleep(200);
  const { user, system } = process.cpuUsage(before);
  return user + system > 40_000;
}

describe('connections', () => {
  test('a thousand come and go, politely or not, and leave nothing', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;
    const before = handles();
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const client = await RawClient.connect(server.port);
          if (i % 5 === 0) return client.socket.destroy();
          client.startup({ user: 'tester' });
          if (i % 5 === 1) return client.socket.destroy();
          await client.until('Z');
          if (i % 5 === 2) return client.socket.resetAndDestroy();
          if (i % 5 === 3) client.send('X');
          await client.close();
        }),
      );
    }
    await eventually(() => server.server.connections === 0);
    await eventually(() => handles() <= before);
    expect(await connected((client) => client.query('select 1 as one'))).toMatchObject({ rows: [{ one: 1 }] });
  });

  test('sessions give up their transactions', async () => {
    const client = await RawClient.session(server.port);
    client.query('create table begun (n integer)');
    await client.until('Z');
    client.query('begin; insert into begun values (1)');
    await client.until('Z');
    client.socket.resetAndDestroy();
    await eventually(() => server.server.connections === 0);
    expect(await connected((other) => other.query('select count(*) as n from begun'))).toMatchObject({ rows: [{ n: '0' }] });
  });

  test.each<[how: string, leave: (client: RawClient) => void]>([
    ['closes', (client) => client.socket.end()],
    ['is killed', (client) => client.socket.resetAndDestroy()],
  ])('a client that %s in the middle of a query cancels it', async (_how, leave) => {
    const client = await RawClient.session(server.port);
    client.query(LONG_QUERY);
    await eventually(isBusy);
    leave(client);
    await eventually(() => server.server.connections === 0);
    await eventually(async () => !(await isBusy()));
  });
});

test('a client that does not read stops its query, not the server', async () => {
  const client = await RawClient.session(server.port);
  client.socket.pause();
  client.query("select x, repeat('x', 200) from generate_series(1, 5000000) g(x)");
  await sleep(500);
  const before = process.memoryUsage();
  await sleep(1500);
  const after = process.memoryUsage();
  // A gigabyte is on its way; what waits is a few buffers.
  expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(64 << 20);
  expect(after.heapUsed - before.heapUsed).toBeLessThan(64 << 20);
  expect(await connected((other) => other.query('select 1 as one'))).toMatchObject({ rows: [{ one: 1 }] });
  client.socket.destroy();
  await eventually(() => server.server.connections === 0);
});

describe('memory', () => {
  const GREEDY = 'select count(*) from (select x % 1000000 as k, count(*) from generate_series(1, 2000000) g(x) group by 1) t';

  test('a query past its limit ends with 53200; the session and the server go on', async () => {
    await connected(async (client) => {
      await client.query("set memory_limit = '4MB'");
      for (let i = 0; i < 3; i++) {
        await expect(client.query(GREEDY)).rejects.toMatchObject({ code: '53200', hint: expect.any(String) });
        expect(await client.query('select 1 as one')).toMatchObject({ rows: [{ one: 1 }] });
      }
      await expect(client.query('select x from generate_series(1, 1000000) g(x) order by x desc')).rejects.toMatchObject({
        code: '53200',
      });
      await client.query('reset memory_limit');
      expect(await client.query('select count(*) as n from generate_series(1, 10000) g(x)')).toMatchObject({
        rows: [{ n: '10000' }],
      });
    });
  });

  test('so does one past the limit of the database, and it frees what it had', async () => {
    const small = await startServer({ memoryLimit: 32 << 20, queryMemoryLimit: 16 << 20 });
    try {
      await connected(async (client) => {
        for (let i = 0; i < 3; i++) await expect(client.query(GREEDY)).rejects.toMatchObject({ code: '53200' });
        expect(
          await client.query('select count(*) as n from (select x, count(*) from generate_series(1, 100000) g(x) group by x) t'),
        ).toMatchObject({
          rows: [{ n: '100000' }],
        });
      }, small);
    } finally {
      await small.close();
    }
  });
});

test('closing the server ends queries and connections', async () => {
  const own = await startServer();
  const client = await RawClient.session(own.port);
  client.query(LONG_QUERY);
  const idle = await RawClient.session(own.port);
  const silent = await RawClient.connect(own.port);
  await sleep(100);
  await own.close();
  await eventually(() => client.closed && idle.closed && silent.closed);
});
