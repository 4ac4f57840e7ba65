import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Database, type LumaError, type QueryOptions } from '../../src/index.ts';

let database: Database;
let folder: string;
beforeEach(async () => {
  database = await Database.open();
  folder = await mkdtemp(join(tmpdir(), 'lumadb-test-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = async (text: string, options?: QueryOptions) => (await database.query(text, options)).rows();
const failure = async (text: string, options?: QueryOptions): Promise<LumaError> =>
  database.query(text, options).then(
    () => expect.unreachable(`${text} succeeded`),
    (error: LumaError) => error,
  );

describe('query', () => {
  test('gives rows as JavaScript values, and an Arrow table', async () => {
    const text = `SELECT 1 AS i, 9007199254740993 AS n, 0.5::DOUBLE PRECISION AS x, 12.30 AS m, 'naïve' AS s, TRUE AS b,
      DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 12:34:56.789' AS ts, INTERVAL '1 day 2 hours' AS v, NULL::TEXT AS nothing`;
    const result = await database.query(text);
    expect(result.command).toBe('SELECT 1');
    expect(result.rows()).toEqual([
      {
        i: 1,
        n: 9007199254740993n,
        x: 0.5,
        m: '12.30',
        s: 'naïve',
        b: true,
        d: new Date('2024-02-29'),
        ts: new Date('2024-02-29T12:34:56.789Z'),
        v: '1 day 02:00:00',
        nothing: null,
      },
    ]);
    expect(result.table.numRows).toBe(1);
    expect(result.table.getChild('n')?.get(0)).toBe(9007199254740993n);
    expect(result.table.getChild('s')?.get(0)).toBe('naïve');
    expect(result.table.getChild('nothing')?.get(0)).toBeNull();
    expect(result.schema.map((field) => field.type.kind)).toEqual([
      'int32',
      'int64',
      'float64',
      'decimal',
      'text',
      'boolean',
      'date',
      'timestamp',
      'interval',
      'text',
    ]);
  });

  test('takes parameters of every JavaScript type', async () => {
    await database.query(
      "CREATE TABLE p (id INTEGER, name TEXT, price DECIMAL(10, 2), at TIMESTAMP); INSERT INTO p VALUES (1, 'a', 1.50, '2024-01-01')",
    );
    const insert = 'INSERT INTO p VALUES ($1, $2, $3, $4)';
    await database.query(insert, { params: [2, 'b', '2.25', new Date('2024-05-06T07:08:09Z')] });
    await database.query(insert, { params: [3n, null, 4, '2024-02-03'] });
    expect(await rows('SELECT * FROM p WHERE id >= $1 ORDER BY id', { params: [2] })).toEqual([
      { id: 2, name: 'b', price: '2.25', at: new Date('2024-05-06T07:08:09Z') },
      { id: 3, name: null, price: '4.00', at: new Date('2024-02-03') },
    ]);
    expect(await failure('SELECT $1 + 1', { params: [] })).toMatchObject({ code: '08P01' });
    expect(await failure('SELECT id FROM p WHERE id = $1', { params: ['x'] })).toMatchObject({
      code: '22P02',
      message: expect.stringContaining('$1'),
    });
  });

  test('a result stays valid after other queries and after close', async () => {
    const result = await database.query("SELECT n, 'text ' || n AS s FROM generate_series(1, 3) AS g(n)");
    await database.query('SELECT sum(n) FROM generate_series(1, 300000) AS g(n)');
    await database.close();
    expect(result.rows().map((row) => row.s)).toEqual(['text 1', 'text 2', 'text 3']);
  });

  test('streams in bounded memory, and a reader may leave early', async () => {
    let seen = 0;
    for await (const table of database.stream('SELECT n FROM generate_series(1, 500000) AS g(n)')) {
      seen += table.numRows;
      if (seen > 100_000) break;
    }
    expect(seen).toBeGreaterThan(100_000);
    let total = 0;
    for await (const table of database.stream('SELECT n FROM generate_series(1, 500000) AS g(n)')) total += table.numRows;
    expect(total).toBe(500_000);
  });

  test('an abort cancels it with 57014, and the database lives on', async () => {
    const controller = new AbortController();
    const slow = 'SELECT count(*) FROM generate_series(1, 40000) AS a(x) JOIN generate_series(1, 40000) AS b(y) ON x + y < 0';
    setTimeout(() => controller.abort(), 50);
    expect(await failure(slow, { signal: controller.signal })).toMatchObject({ code: '57014' });
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('statement_timeout ends it with 57014 and says which limit it was', async () => {
    const text = `SET statement_timeout = '30ms';
      SELECT count(*) FROM generate_series(1, 40000) AS a(x) JOIN generate_series(1, 40000) AS b(y) ON x + y < 0`;
    expect(await failure(text)).toMatchObject({ code: '57014', message: expect.stringContaining('timeout') });
  });

  test('more memory than the limit is 53200, and the database lives on', async () => {
    const text = "SET memory_limit = '1MB'; SELECT n, count(*) FROM generate_series(1, 1000000) AS g(n) GROUP BY n";
    expect(await failure(text)).toMatchObject({ code: '53200' });
    expect(await rows('SELECT count(*) AS n FROM generate_series(1, 1000000) AS g(n)')).toEqual([{ n: 1_000_000n }]);
  });

  test('errors have a code, a place and a hint', async () => {
    await database.query('CREATE TABLE orders (id INTEGER, price DECIMAL(8, 2))');
    expect(await failure('SELECT prize FROM orders')).toMatchObject({
      code: '42703',
      span: { start: 7, end: 12 },
      hint: expect.stringContaining('price'),
    });
    expect(await failure('SELECT * FROM order_s')).toMatchObject({ code: '42P01', hint: expect.stringContaining('orders') });
    expect(await failure('SELECT 1 / (id - id) FROM (VALUES (1)) AS v(id)')).toMatchObject({ code: '22012' });
    expect(await failure('SELECT 2147483647 + id FROM (VALUES (1)) AS v(id)')).toMatchObject({ code: '22003' });
    expect(await failure('SET nosuch = 1')).toMatchObject({ code: '42704' });
  });
});

describe('transactions', () => {
  test('a block is all or nothing, sees its own writes, and others see them after COMMIT', async () => {
    const writer = database.session();
    const count = async (session: typeof writer): Promise<unknown> => {
      for await (const outcome of session.run('SELECT count(*) FROM t')) {
        if (outcome.kind !== 'rows') continue;
        const { value } = await outcome.batches.next();
        const found = value?.columns[0]?.values[0];
        await outcome.batches.return();
        return found;
      }
      return undefined;
    };
    const run = async (text: string): Promise<void> => {
      for await (const outcome of writer.run(text)) if (outcome.kind === 'rows') await outcome.batches.return();
    };
    await run('CREATE TABLE t (a INTEGER); BEGIN; INSERT INTO t VALUES (1), (2)');
    expect(writer.transactionStatus).toBe('active');
    expect(await count(writer)).toBe(2n);
    expect(await count(database.session())).toBe(0n);
    await run('COMMIT');
    expect(await count(database.session())).toBe(2n);
    await run('BEGIN; INSERT INTO t VALUES (3)');
    await expect(run('SELECT nothing FROM t')).rejects.toMatchObject({ code: '42703' });
    expect(writer.transactionStatus).toBe('failed');
    await expect(run('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await run('ROLLBACK');
    expect(await count(writer)).toBe(2n);
  });
});

describe('COPY', () => {
  test('a malformed CSV names line and column, and nothing is loaded', async () => {
    await database.query('CREATE TABLE prices (name TEXT, price DECIMAL(8, 2))');
    const file = join(folder, 'prices.csv');
    await writeFile(file, 'name,price\nlamp,1.50\ndesk,abc\n');
    const error = await failure(`COPY prices FROM '${file}' (HEADER)`);
    expect(error.code).toBe('22P02');
    expect(error.message).toMatch(/line 3/);
    expect(error.message).toMatch(/column 2/);
    await writeFile(file, 'name,price\nlamp,1.50,more\n');
    expect((await failure(`COPY prices FROM '${file}' (HEADER)`)).message).toMatch(/line 2/);
    expect(await rows('SELECT count(*) AS n FROM prices')).toEqual([{ n: 0n }]);
  });

  test('a column that is named twice is 42701', async () => {
    await using db = await Database.open();
    await db.query('CREATE TABLE twice (a INTEGER, b INTEGER)');
    await expect(db.query('COPY twice (a, a) FROM STDIN')).rejects.toMatchObject({ code: '42701' });
  });

  test('what COPY TO writes, COPY FROM reads: csv and parquet', async () => {
    await database.query(`CREATE TABLE a (i INTEGER, s TEXT, m DECIMAL(8, 2), d DATE, ts TIMESTAMP, b BOOLEAN, x DOUBLE PRECISION);
      INSERT INTO a VALUES (1, 'x, "y"', 1.50, '2024-01-01', '2024-01-01 10:00', TRUE, 0.1), (NULL, '', NULL, NULL, NULL, NULL, 'NaN')`);
    for (const format of ['csv', 'parquet']) {
      const file = join(folder, `a.${format}`);
      await database.query(
        `COPY a TO '${file}' (FORMAT ${format}); CREATE TABLE b_${format} AS SELECT * FROM a LIMIT 0; COPY b_${format} FROM '${file}' (FORMAT ${format})`,
      );
      expect(await rows(`SELECT * FROM b_${format} ORDER BY i`)).toEqual(await rows('SELECT * FROM a ORDER BY i'));
    }
    const csv = join(folder, 'q.csv');
    await database.query(`COPY (SELECT s, i FROM a WHERE i = 1) TO '${csv}' (HEADER)`);
    expect(await readFile(csv, 'utf8')).toBe('s,i\n"x, ""y""",1\n');
  });
});

test('a database in a directory keeps what was committed', async () => {
  const path = join(folder, 'db');
  const first = await Database.open(path);
  await first.query("CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  await first.close();
  const second = await Database.open(path);
  try {
    expect((await second.query('SELECT * FROM t ORDER BY a')).rows()).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]);
  } finally {
    await second.close();
  }
});

/** 57P01 is what PostgreSQL tells sessions whose server is shut down (PostgreSQL 16, appendix A: admin_shutdown). */
test.each([['in memory'], ['in a directory']])('a database %s that is closed refuses everything', async (where) => {
  const closed = await Database.open(where === 'in memory' ? undefined : join(folder, 'db'));
  await closed.query('CREATE TABLE t (a INTEGER)');
  const session = closed.session();
  await session.execute(session.prepare(session.parse('BEGIN')[0] ?? expect.unreachable()));
  const insert = session.prepare(session.parse('INSERT INTO t VALUES (1)')[0] ?? expect.unreachable());
  await Promise.all([closed.close(), closed.close().then(() => expect(closed.query('SELECT 1')).rejects.toThrow())]);
  for (const text of ['SELECT 1', 'SELECT * FROM t', 'INSERT INTO t VALUES (1)', 'CREATE TABLE u (a INTEGER)', 'ANALYZE t']) {
    await expect(closed.query(text), text).rejects.toMatchObject({ code: '57P01', message: 'the database is closed' });
  }
  await expect(session.execute(insert)).rejects.toMatchObject({ code: '57P01' });
  session.close();
});

test('closing twice at once is closing once: both wait until the directory is free', async () => {
  const path = join(folder, 'db');
  const first = await Database.open(path);
  void first.close();
  await first.close();
  await (await Database.open(path)).close();
});

test('a prepared statement asks for the time anew, and is planned anew when its table has changed', async () => {
  const session = database.session();
  const first = async (prepared: ReturnType<typeof session.prepare>): Promise<unknown> => {
    const outcome = await session.execute(prepared);
    if (outcome.kind !== 'rows') return expect.unreachable();
    const { value } = await outcome.batches.next();
    const found = value?.columns[0]?.values[0];
    await outcome.batches.return();
    return found;
  };
  const prepare = (text: string) => session.parse(text).map((statement) => session.prepare(statement))[0] ?? expect.unreachable();
  const now = prepare('SELECT now()');
  const before = await first(now);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(Number(await first(now)) - Number(before)).toBeGreaterThan(15_000);
  await database.query('CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7)');
  const select = prepare('SELECT * FROM t');
  expect(await first(select)).toBe(7);
  await database.query("DROP TABLE t; CREATE TABLE t (a DOUBLE PRECISION, b TEXT); INSERT INTO t VALUES (0.5, 'x')");
  expect(await first(select)).toBe(0.5);
});

test('columns of one name can all be found', async () => {
  const result = await database.query("SELECT 1 AS a, 'x' AS a, TRUE AS a_2, 0.5 AS a");
  expect(result.schema.map((field) => field.name)).toEqual(['a', 'a', 'a_2', 'a']);
  expect(result.rows()).toEqual([{ a: 1, a_3: 'x', a_2: true, a_4: '0.5' }]);
  expect(result.table.schema.fields.map((field) => field.name)).toEqual(['a', 'a_3', 'a_2', 'a_4']);
});
