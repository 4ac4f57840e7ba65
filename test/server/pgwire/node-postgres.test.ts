import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG_QUERY, startServer, type TestServer } from './support.ts';

/** The driver that most Node programs use, as its documentation uses it (https://node-postgres.com). */

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ users: { ada: 'löve;lace', grace: 'hopper' } });
  await server.database.query(`
    create table cities (id integer not null, name text, people bigint, area double precision, tax decimal(10, 2), founded date, seen timestamp, capital boolean);
    insert into cities values
      (1, 'Wien', 2005760, 414.82, 0.20, '1221-01-01', '2026-01-02 03:04:05.678', true),
      (2, 'Graz', 303270, 127.57, 0.15, null, null, false)`);
});
afterAll(() => server.close());

function config(user = 'ada', password = 'löve;lace'): pg.ClientConfig {
  return { host: '127.0.0.1', port: server.port, user, password, database: 'any' };
}

async function connected<Result>(work: (client: pg.Client) => Promise<Result>, options = config()): Promise<Result> {
  const client = new pg.Client(options);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('logging in', () => {
  test('the right password', async () => {
    expect(await connected((client) => client.query('select 1 as one'))).toMatchObject({ rows: [{ one: 1 }] });
    expect(await connected((client) => client.query('select 1'), config('grace', 'hopper'))).toMatchObject({ rowCount: 1 });
  });

  test.each([
    ['ada', 'lovelace'],
    ['ada', 'hopper'],
    ['nobody', 'anything'],
  ])('%s with the wrong password', async (user, password) => {
    await expect(connected((client) => client.query('select 1'), config(user, password))).rejects.toMatchObject({
      code: '28P01',
      severity: 'FATAL',
      message: `password authentication failed for user "${user}"`,
    });
  });
});

describe('queries', () => {
  test('CREATE TABLE AS takes parameters, as in PostgreSQL', async () => {
    const made = await connected(async (client) => {
      await client.query('create table big_cities as select name, $2::text as note from cities where people > $1', [
        '1000000',
        'big',
      ]);
      return client.query('select * from big_cities');
    });
    expect(made.rows).toEqual([{ name: 'Wien', note: 'big' }]);
  });

  test('types come as the driver knows them', async () => {
    const { rows, fields } = await connected((client) => client.query('select * from cities order by id'));
    expect(rows).toEqual([
      {
        id: 1,
        name: 'Wien',
        people: '2005760',
        area: 414.82,
        tax: '0.20',
        founded: new Date(1221, 0, 1),
        seen: new Date(2026, 0, 2, 3, 4, 5, 678),
        capital: true,
      },
      { id: 2, name: 'Graz', people: '303270', area: 127.57, tax: '0.15', founded: null, seen: null, capital: false },
    ]);
    expect(fields.map((field) => field.dataTypeID)).toEqual([23, 25, 20, 701, 1700, 1082, 1114, 16]);
  });

  test('parameters', async () => {
    await connected(async (client) => {
      const { rows } = await client.query('select name from cities where id = $1 and people > $2 and name like $3', [
        1,
        1e6,
        'W%',
      ]);
      expect(rows).toEqual([{ name: 'Wien' }]);
      const { rowCount } = await client.query('insert into cities (id, name, tax) values ($1, $2, $3)', [3, null, '0.1']);
      expect(rowCount).toBe(1);
      expect(await client.query('select name, tax from cities where id = $1', [3])).toMatchObject({
        rows: [{ name: null, tax: '0.10' }],
      });
    });
  });

  test('a named statement is planned once and used again', async () => {
    await connected(async (client) => {
      for (const [id, name] of [
        [1, 'Wien'],
        [2, 'Graz'],
        [9, undefined],
      ]) {
        const { rows } = await client.query({ name: 'by-id', text: 'select name from cities where id = $1', values: [id] });
        expect(rows.map((row) => row.name)).toEqual(name === undefined ? [] : [name]);
      }
    });
  });

  test('rows as arrays', async () => {
    await connected(async (client) => {
      expect(
        await client.query({ text: 'select id, name from cities where id < 3 order by id', rowMode: 'array' }),
      ).toMatchObject({
        rows: [
          [1, 'Wien'],
          [2, 'Graz'],
        ],
      });
    });
  });

  test('several statements give several results', async () => {
    const results: unknown = await connected((client) => client.query('select 1 as a; select 2 as b'));
    expect(results).toMatchObject([{ rows: [{ a: 1 }] }, { rows: [{ b: 2 }] }]);
  });

  test('many queries at once over a pool', async () => {
    const pool = new pg.Pool({ ...config(), max: 5 });
    try {
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => pool.query('select $1::integer * 2 as twice', [i])));
      expect(results.map(({ rows }) => rows[0].twice)).toEqual(Array.from({ length: 50 }, (_, i) => i * 2));
    } finally {
      await pool.end();
    }
  });

  test('more rows than fit a socket buffer', async () => {
    const { rows } = await connected((client) =>
      client.query("select x, 'text number ' || x as t from generate_series(1, 100000) g(x)"),
    );
    expect(rows).toHaveLength(100_000);
    expect(rows[99_999]).toMatchObject({ t: 'text number 100000' });
  });
});

describe('errors', () => {
  test('carry code, position, hint; the session goes on', async () => {
    await connected(async (client) => {
      await expect(client.query('select * from citys')).rejects.toMatchObject({
        code: '42P01',
        severity: 'ERROR',
        position: '15',
      });
      await expect(client.query('selec 1')).rejects.toMatchObject({
        code: '42601',
        position: '1',
        hint: 'Did you mean SELECT instead of "selec"?',
      });
      await expect(client.query('select 1 / $1', [0])).rejects.toMatchObject({ code: '22012' });
      expect(await client.query('select 1 as one')).toMatchObject({ rows: [{ one: 1 }] });
    });
  });

  test('a transaction', async () => {
    await connected(async (client) => {
      await client.query('create table kept (n integer)');
      await client.query('begin');
      await client.query('insert into kept values ($1)', [1]);
      await expect(client.query('select nope')).rejects.toMatchObject({ code: '42703' });
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
      await client.query('rollback');
      expect(await client.query('select count(*) as n from kept')).toMatchObject({ rows: [{ n: '0' }] });
    });
  });

  test('statement_timeout', async () => {
    await connected(
      async (client) => {
        await expect(client.query(LONG_QUERY)).rejects.toMatchObject({
          code: '57014',
          message: 'canceling statement due to statement timeout',
        });
        expect(await client.query('select 1 as one')).toMatchObject({ rows: [{ one: 1 }] });
      },
      { ...config(), statement_timeout: 300 },
    );
  });

  test('a query that is cancelled from another connection', async () => {
    await connected(async (client) => {
      const query = new pg.Query(LONG_QUERY);
      const failed = new Promise<Error>((resolve) => query.on('error', resolve));
      client.query(query);
      await new Promise((resolve) => setTimeout(resolve, 200));
      // What the driver's types leave out: https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js
      const canceller = new pg.Client(config());
      Reflect.get(canceller, 'cancel').call(canceller, client, query);
      expect(await failed).toMatchObject({ code: '57014', message: 'canceling statement due to user request' });
      expect(await client.query('select 1 as one')).toMatchObject({ rows: [{ one: 1 }] });
    });
  });
});
