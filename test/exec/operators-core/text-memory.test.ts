import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import type { HashAggregate, PhysicalPlan } from '../../../planner/physical/plan.ts';
import { functionCatalog } from '../../../src/functions/registry.ts';
import { INT32, TEXT } from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';
import { call, constant, Harness, type JsRow, ref } from '../harness.ts';

const ROWS = 60_000;
const LIMIT = 4 << 20;

describe('texts that expressions make', () => {
  let db: Harness;
  beforeAll(async () => {
    db = new Harness();
    const rows = Array.from({ length: ROWS }, (_, i): JsRow => [i, 1, `${i}${'x'.repeat(200)}`]);
    const columns = [
      { name: 'i', type: INT32 },
      { name: 'one', type: INT32 },
      { name: 's', type: TEXT },
    ];
    await db.createTable('t', columns, rows);
  });
  afterAll(() => db.close());

  /** A new text per row: of two columns, so that it is not computed once per value of a dictionary. */
  function made(scan: PhysicalPlan): BoundExpression {
    return call('repeat', ref(scan, 's'), ref(scan, 'one'));
  }

  function sumOf(input: PhysicalPlan, argument: ReturnType<typeof call>): HashAggregate {
    const function_ = functionCatalog.aggregate('sum', [{ type: argument.type, untyped: false }], NO_SPAN);
    const output = db.column('sum', function_.returnType);
    const aggregate = {
      output,
      function: function_,
      arguments: [argument],
      distinct: false,
      filter: null,
      orderBy: [],
      span: NO_SPAN,
    };
    return { kind: 'hash_aggregate', ...db.node(), input, columns: [output], keys: [], aggregates: [aggregate] };
  }

  test('are given back when a filter drops the row: twelve megabytes of them fit into four', async () => {
    const scan = db.scan('t');
    const filter = db.filter(scan, call('equal', made(scan), constant(`59999${'x'.repeat(200)}`)));
    expect(await db.rows(db.project(filter, ref(scan, 'i')), { memoryLimit: LIMIT })).toEqual([[59_999]]);
  });

  test("are given back when a dictionary's values are only compared", async () => {
    const scan = db.scan('t');
    const filter = db.filter(scan, call('equal', call('upper', ref(scan, 's')), constant(`59999${'X'.repeat(200)}`)));
    expect(await db.rows(db.project(filter, ref(scan, 'i')), { memoryLimit: LIMIT })).toEqual([[59_999]]);
  });

  test('are given back when only their lengths are summed', async () => {
    const scan = db.scan('t');
    // a morsel's texts must fit a slice: ten thousand of 200 bytes do
    const filter = db.filter(scan, call('less', ref(scan, 'i'), constant(10_000)));
    const plan = sumOf(filter, call('length', made(scan)));
    const digits = 10 + 90 * 2 + 900 * 3 + 9000 * 4;
    expect(await db.rows(plan, { memoryLimit: LIMIT })).toEqual([[BigInt(digits + 200 * 10_000)]]);
  });

  test('stay as long as rows refer to them', async () => {
    const scan = db.scan('t');
    const texts = db.project(scan, made(scan), ref(scan, 'i'));
    const rows = await db.rows(db.limit(texts, ROWS));
    expect(rows).toHaveLength(ROWS);
    for (const i of [0, 31_234, ROWS - 1]) expect(rows[i]).toEqual([`${i}${'x'.repeat(200)}`, i]);
    await expect(db.rows(db.limit(texts, ROWS), { memoryLimit: LIMIT })).rejects.toMatchObject({ code: '53200' });
  });
});
