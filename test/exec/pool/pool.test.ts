import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLOAT64, INT32, INT64 } from '../../../src/types/data-type.ts';
import { call, constant, Harness, ref, vector } from '../harness.ts';
import { nestedLoop } from '../operators/plans.ts';

const ROWS = 400_000;

describe('queries on worker threads', () => {
  let db: Harness;
  /** Bytes of the tables and the threads: queries add nothing that stays. */
  let held: number;
  beforeAll(async () => {
    db = new Harness({ threads: 3 });
    const columns = [
      { name: 'a', type: INT32 },
      { name: 'b', type: INT64 },
      { name: 'c', type: FLOAT64 },
    ];
    await db.createLarge('t', columns, ROWS, (first, length) => [
      vector(
        INT32,
        Int32Array.from({ length }, (_, i) => first + i),
      ),
      vector(
        INT64,
        BigInt64Array.from({ length }, (_, i) => BigInt((first + i) % 1000)),
      ),
      vector(
        FLOAT64,
        Float64Array.from({ length }, (_, i) => (first + i) / 2),
      ),
    ]);
    const scan = db.scan('t');
    await db.rows(db.filter(scan, call('equal', ref(scan, 'a'), constant(1))));
    held = db.memory.used;
  });
  afterAll(() => db.close());

  test('rows come in the order of the table, whichever thread made them', async () => {
    const scan = db.scan('t');
    const filter = db.filter(scan, call('equal', ref(scan, 'b'), constant(7n)));
    const rows = await db.rows(db.project(filter, ref(scan, 'a'), call('multiply', ref(scan, 'c'), constant(2, FLOAT64))));
    const expected = Array.from({ length: ROWS / 1000 }, (_, i) => [i * 1000 + 7, i * 1000 + 7]);
    expect(rows).toEqual(expected);
    expect(db.memory.used).toBe(held);
  });

  test('a long result comes in batches, in bounded memory', async () => {
    const scan = db.scan('t');
    const project = db.project(scan, call('add', ref(scan, 'b'), constant(1n)));
    const result = await db.start(project);
    let [rows, batches, sum] = [0, 0, 0n];
    for await (const batch of result.stream()) {
      batches++;
      rows += batch.length;
      for (const value of batch.columns[0]?.values ?? []) sum += BigInt(value);
    }
    result.release();
    expect(rows).toBe(ROWS);
    expect(batches).toBeGreaterThan(0);
    expect(sum).toBe(BigInt(ROWS / 1000) * 500_500n);
    expect(db.memory.used).toBe(held);
  });

  test('an error in one morsel ends the query with its code and place, and the next query runs', async () => {
    const scan = db.scan('t');
    const span = { start: 7, end: 12 };
    const division = { ...call('divide', constant(1n), call('subtract', ref(scan, 'b'), constant(999n))), span };
    const failing = db.rows(db.project(scan, division));
    await expect(failing).rejects.toMatchObject({ code: '22012', span });
    expect(await db.rows(db.limit(scan, 2))).toEqual([
      [0, 0n, 0],
      [1, 1n, 0.5],
    ]);
    expect(db.memory.used).toBe(held);
  });

  test('past the memory limit a query ends with 53200 and gives everything back', async () => {
    const scan = db.scan('t');
    const sort = db.limit(db.project(scan, call('add', ref(scan, 'b'), constant(1n))), 300_000);
    await expect(db.rows(sort, { memoryLimit: 3 << 20 })).rejects.toMatchObject({ code: '53200' });
    expect(db.memory.used).toBe(held);
    expect(await db.rows(db.limit(scan, 1))).toHaveLength(1);
  });

  test('a canceled query ends with 57014', async () => {
    const scan = db.scan('t');
    const project = db.project(scan, call('add', ref(scan, 'b'), constant(1n)));
    const controller = new AbortController();
    const running = db.rows(db.limit(project, ROWS, 0), { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(running).rejects.toMatchObject({ code: '57014' });
    expect(db.memory.used).toBe(held);
    await expect(db.rows(scan, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: '57014' });
  });

  test('a join that takes minutes is canceled in the middle of a morsel', async () => {
    const [outer, inner] = [db.scan('t'), db.scan('t')];
    const predicate = call('greater', call('add', ref(outer, 'b'), ref(inner, 'b')), constant(5000n));
    const join = nestedLoop(db, 'semi', outer, inner, [predicate]);
    const controller = new AbortController();
    const running = db.rows(join, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: '57014' });
    expect(db.memory.used).toBe(held);
  });

  test('a query that is given up while it runs ends with 57014 and keeps nothing', async () => {
    const scan = db.scan('t');
    const result = await db.start(db.limit(db.project(scan, call('add', ref(scan, 'b'), constant(1n))), ROWS));
    const first = result.stream().next();
    setImmediate(() => result.release());
    await expect(first).rejects.toMatchObject({ code: '57014' });
    expect(db.memory.used).toBe(held);
  });

  test('several queries at once share the threads', async () => {
    const scan = db.scan('t');
    const one = (n: bigint): Promise<unknown> =>
      db.rows(db.project(db.filter(scan, call('equal', ref(scan, 'b'), constant(n))), ref(scan, 'a'))).then((rows) => rows[0]);
    expect(await Promise.all([1n, 2n, 3n, 4n].map(one))).toEqual([[1], [2], [3], [4]]);
  });

  test('ANALYZE counts the rows of every node', async () => {
    const scan = db.scan('t');
    const filter = db.filter(
      scan,
      call('less', ref(scan, 'a'), constant(100_000)),
      call('not_equal', ref(scan, 'c'), constant(1.5)),
    );
    const limit = db.limit(filter, 10);
    const all = await db.run(db.project(filter, ref(scan, 'a')), { analyze: true });
    expect(all.rows).toHaveLength(99_999);
    expect(all.result.statistics.nodes.get(scan.node)).toMatchObject({ rows: ROWS, scan: { segments: 7 } });
    expect(all.result.statistics.nodes.get(filter.node)?.rows).toBe(99_999);
    const first = await db.run(limit, { analyze: true });
    expect(first.rows).toHaveLength(10);
    expect(first.result.statistics.nodes.get(limit.node)?.rows).toBe(10);
  });

  test('progress tells the morsels', async () => {
    const scan = db.scan('t');
    const heard: { done: number; total: number }[] = [];
    const { result } = await db.run(db.project(scan, ref(scan, 'a')), { onProgress: (progress) => heard.push(progress) });
    expect(result.statistics.executionMs).toBeGreaterThan(0);
    for (const { done, total } of heard) expect(done).toBeLessThanOrEqual(total);
  });
});
