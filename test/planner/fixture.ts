import type { Catalog, TableColumn, TableInfo, TableStatistics } from '../../planner/catalog.ts';
import type { BoundExpression, ConstantValue } from '../../planner/expression.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  TEXT,
  TIMESTAMP,
  UNIT_DIGITS,
} from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { fixtureFunctions } from './fixture-functions.ts';

/** A column for `fixtureTable`: nullable field unless said otherwise. */
export function column(name: string, type: DataType, options: Partial<Pick<TableColumn, 'role' | 'notNull'>> = {}): TableColumn {
  return { name, type, role: options.role ?? 'field', notNull: options.notNull ?? false };
}

/** A table with uniform statistics: every column distinct over its rows, values 0 … rows − 1 where numeric. */
export function fixtureTable(
  name: string,
  columns: readonly TableColumn[],
  rows = 1000,
  statistics: Partial<TableStatistics> = {},
): TableInfo {
  const byDefault: TableStatistics = {
    rows,
    columns: columns.map((each) => ({
      nulls: 0,
      distinct: rows,
      min: bound(each.type, 0),
      max: bound(each.type, Math.max(0, rows - 1)),
      mostCommon: [],
      histogram: [],
      width: 8,
    })),
  };
  return { name, columns, statistics: () => ({ ...byDefault, ...statistics }), capabilities: { zoneMaps: true } };
}

function bound(type: DataType, value: number): ConstantValue {
  if (type.kind === 'int32' || type.kind === 'float64' || type.kind === 'date') return value;
  return type.kind === 'int64' ? BigInt(value) : null;
}

const NOT_NULL = { notNull: true } as const;

/** t1 is the table of sqllogictest's select1; the others are small slices of TPC-H and two metrics. */
export const FIXTURE_TABLES: readonly TableInfo[] = [
  fixtureTable(
    't1',
    ['a', 'b', 'c', 'd', 'e'].map((name) => column(name, INT32)),
    30,
  ),
  fixtureTable('t2', [column('x', INT32, NOT_NULL), column('y', INT32), column('s', TEXT)], 100),
  fixtureTable('t3', [column('x', INT32, NOT_NULL), column('z', INT64), column('flag', BOOLEAN)], 10),
  fixtureTable(
    'customer',
    [column('c_custkey', INT64, NOT_NULL), column('c_name', TEXT, NOT_NULL), column('c_mktsegment', TEXT, NOT_NULL)],
    1500,
  ),
  fixtureTable(
    'orders',
    [
      column('o_orderkey', INT64, NOT_NULL),
      column('o_custkey', INT64, NOT_NULL),
      column('o_orderdate', DATE, NOT_NULL),
      column('o_totalprice', decimal(15, 2), NOT_NULL),
      column('o_comment', TEXT),
    ],
    15000,
  ),
  fixtureTable(
    'lineitem',
    [
      column('l_orderkey', INT64, NOT_NULL),
      column('l_quantity', decimal(15, 2), NOT_NULL),
      column('l_extendedprice', decimal(15, 2), NOT_NULL),
      column('l_discount', decimal(15, 2), NOT_NULL),
      column('l_shipdate', DATE, NOT_NULL),
      column('l_ratio', FLOAT64),
    ],
    60000,
  ),
  fixtureTable('http_requests_total', [
    column('ts', TIMESTAMP, { role: 'time', notNull: true }),
    column('job', TEXT, { role: 'tag' }),
    column('instance', TEXT, { role: 'tag' }),
    column('value', FLOAT64),
  ]),
  fixtureTable('cpu', [
    column('ts', TIMESTAMP, { role: 'time', notNull: true }),
    column('host', TEXT, { role: 'tag' }),
    column('usage', FLOAT64),
    column('idle', INT64),
  ]),
];

/** A catalog over the given tables. `evaluate` knows constants, the casts that literals need, and regexp_full_match. */
export function fixtureCatalog(tables: readonly TableInfo[] = FIXTURE_TABLES): Catalog {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sorted = [...tables].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { table: (name) => byName.get(name), tables: () => sorted, functions: fixtureFunctions, evaluate };
}

function evaluate(expression: BoundExpression): ConstantValue {
  if (expression.kind === 'constant') return expression.value;
  if (expression.kind === 'call' && expression.function.name === 'regexp_full_match') {
    const [text, pattern] = expression.arguments.map(evaluate);
    return new RegExp(`^(?:${String(pattern)})$`).test(String(text));
  }
  if (expression.kind !== 'cast') throw new LumaError(SQLSTATE.internalError, `the fixture evaluates no ${expression.kind}`);
  const value = evaluate(expression.operand);
  return value === null ? null : convert(value, expression.operand.type, expression.type);
}

function convert(value: ConstantValue, from: DataType, to: DataType): ConstantValue {
  const digits = to.kind === 'decimal' ? to.scale : 0;
  if (typeof value === 'string') {
    const invalid = new LumaError(SQLSTATE.invalidTextRepresentation, `invalid input syntax for type ${to.kind}: "${value}"`);
    switch (to.kind) {
      case 'text':
        return value;
      case 'date':
      case 'timestamp': {
        const ms = Date.parse(value.includes('T') || value.length === 10 ? value : `${value.replace(' ', 'T')}Z`);
        if (Number.isNaN(ms)) {
          const code = /^\d{4}-\d\d-\d\d/.test(value) ? SQLSTATE.datetimeFieldOverflow : SQLSTATE.invalidDatetimeFormat;
          throw new LumaError(code, invalid.message);
        }
        if (to.kind === 'date') return Math.floor(ms / 86_400_000);
        return (BigInt(ms) * 10n ** BigInt(UNIT_DIGITS[to.unit])) / 1000n;
      }
      case 'boolean':
        if (!['t', 'f', 'true', 'false', 'yes', 'no'].includes(value)) throw invalid;
        return value.startsWith('t') || value === 'yes';
      default:
        if (value.trim() === '' || Number.isNaN(Number(value))) throw invalid;
        return convert(Number(value), FLOAT64, to);
    }
  }
  if (from.kind === 'timestamp' && to.kind === 'timestamp' && typeof value === 'bigint') {
    return (value * 10n ** BigInt(UNIT_DIGITS[to.unit])) / 10n ** BigInt(UNIT_DIGITS[from.unit]);
  }
  const number = Number(value) / (from.kind === 'decimal' ? 10 ** from.scale : 1);
  switch (to.kind) {
    case 'int32':
      if (Math.abs(number) > 2 ** 31) throw new LumaError(SQLSTATE.numericValueOutOfRange, 'integer out of range');
      return Math.round(number);
    case 'int64':
      return BigInt(Math.round(number));
    case 'decimal':
      return BigInt(Math.round(number * 10 ** digits));
    case 'float64':
      return number;
    case 'text':
      return String(value);
    default:
      throw new LumaError(SQLSTATE.internalError, `the fixture has no cast from ${from.kind} to ${to.kind}`);
  }
}
