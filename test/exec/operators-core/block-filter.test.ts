import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { isNullOf, notOf } from '../../../planner/expression-build.ts';
import { BOOLEAN, DATE, type DataType, decimal, FLOAT64, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import type { VectorValue } from '../../../src/types/vector-read.ts';
import { DuckOracle, literal } from '../duckdb.ts';
import { call, constant, Harness, type JsRow, parameter, ref } from '../harness.ts';

const COLUMNS = [
  { name: 'id', type: INT32 },
  { name: 'i', type: INT32 },
  { name: 'l', type: INT64 },
  { name: 'd', type: decimal(15, 2) },
  { name: 'f', type: FLOAT64 },
  { name: 'b', type: BOOLEAN },
  { name: 't', type: DATE },
  { name: 's', type: TEXT },
] as const;

const OPERATORS = { equal: '=', not_equal: '<>', less: '<', less_equal: '<=', greater: '>', greater_equal: '>=' } as const;

/** Few distinct values, the extremes among them, so that comparisons meet equal values and borders. */
function value(type: DataType, n: number): VectorValue {
  switch (type.kind) {
    case 'boolean':
      return n % 2 === 0;
    case 'int32':
    case 'date':
      return [-3, -1, 0, 1, 2, 7, 2147483647, -2147483648][n % (type.kind === 'date' ? 6 : 8)] ?? 0;
    case 'text':
      return ['', 'a', 'A', 'ä', 'a text of more than twelve bytes', 'a ', 'b', 'not in the table'][n % 8] ?? '';
    case 'float64':
      return [-1.5, -0, 0, 1, 2.25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN][n % 8] ?? 0;
    case 'decimal':
      return [-100n, -1n, 0n, 5n, 7n, 150n, 999_999_999_999_999n, -999_999_999_999_999n][n % 8] ?? 0n;
    default:
      return [-3n, -1n, 0n, 1n, 2n, 1n << 40n, (1n << 63n) - 1n, -(1n << 63n)][n % 8] ?? 0n;
  }
}

/** A fixed pseudo-random sequence (xorshift32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function tableRows(rows: number, nulls: boolean): JsRow[] {
  const next = random(rows + 1);
  return Array.from({ length: rows }, (_, id) =>
    COLUMNS.map(({ type }, column) =>
      column === 0 ? id : nulls && next() % 5 === 0 ? null : value(type, type.kind === 'text' ? next() % 7 : next()),
    ),
  );
}

interface Case {
  readonly bound: BoundExpression;
  readonly sql: string;
}

describe('filters over blocks agree with DuckDB', () => {
  const tables = {
    empty: tableRows(0, false),
    some: tableRows(63, true),
    many: tableRows(1000, false),
    nulls: tableRows(1000, true),
  };
  let db: Harness;
  let duck: DuckOracle;
  beforeAll(async () => {
    db = new Harness();
    duck = await DuckOracle.open();
    for (const [name, rows] of Object.entries(tables)) {
      await db.createTable(name, COLUMNS, rows);
      await duck.createTable(name, COLUMNS, rows);
    }
  });
  afterAll(async () => {
    duck.close();
    await db.close();
  });

  const predicate = fc.record({
    column: fc.integer({ min: 1, max: 7 }),
    kind: fc.constantFrom('compare', 'mirror', 'null', 'not_null', 'flag', 'not_flag'),
    operator: fc.constantFrom(...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[])),
    value: fc.nat(7),
  });

  test('any conjunction of comparisons, flags and NULL tests, with constants or parameters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('empty', 'some', 'many', 'nulls'),
        fc.array(predicate, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (table, predicates, parameters) => {
          const scan = db.scan(table);
          const values: { type: DataType; value: VectorValue }[] = [];
          const cases = predicates.map((each): Case => {
            const column = COLUMNS[each.column] ?? COLUMNS[1];
            const operand = ref(scan, column.name);
            if (each.kind === 'null') return { bound: isNullOf(operand), sql: `${column.name} IS NULL` };
            if (each.kind === 'not_null') return { bound: notOf(isNullOf(operand)), sql: `${column.name} IS NOT NULL` };
            if (each.kind === 'flag') return { bound: ref(scan, 'b'), sql: 'b' };
            if (each.kind === 'not_flag') return { bound: notOf(ref(scan, 'b')), sql: 'NOT b' };
            const constant_ = value(column.type, each.value);
            values.push({ type: column.type, value: constant_ });
            const other = parameters ? parameter(values.length, column.type) : constant(constant_, column.type);
            const [a, b] = each.kind === 'mirror' ? [other, operand] : [operand, other];
            const [x, y] =
              each.kind === 'mirror'
                ? [literal(constant_, column.type), column.name]
                : [column.name, literal(constant_, column.type)];
            return { bound: call(each.operator, a, b), sql: `${x} ${OPERATORS[each.operator]} ${y}` };
          });
          const filter = db.filter(scan, ...cases.map(({ bound }) => bound));
          const found = await db.rows(db.project(filter, ref(scan, 'id')), { parameters: parameters ? values : [] });
          const sql = `SELECT id FROM "${table}" WHERE ${cases.map((each) => `(${each.sql})`).join(' AND ')} ORDER BY id`;
          expect(
            found.map(([id]) => String(id)),
            sql,
          ).toEqual((await duck.rows(sql)).map(([id]) => id));
        },
      ),
      { numRuns: 150 },
    );
  });
});
