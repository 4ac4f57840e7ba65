import type { ArgumentInfo, Catalog, FunctionCatalog } from '../../../../planner/catalog.ts';
import type { BoundExpression, ConstantValue } from '../../../../planner/expression.ts';
import { constantOf } from '../../../../planner/expression-build.ts';
import { INT32, TEXT } from '../../../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../../src/types/error.ts';
import { column, fixtureCatalog, fixtureTable } from '../../fixture.ts';

/** Rows of l (k not NULL), r and s, small domains with NULLs and repetitions, and of e, which is empty. */
export const SMALL_ROWS: Readonly<Record<string, string>> = {
  l: "(1,1,1,'a'),(2,1,NULL,'b'),(3,2,2,'a'),(4,2,2,NULL),(5,NULL,3,'c'),(6,3,0,'b'),(7,NULL,NULL,'a'),(8,5,5,'d')",
  r: "(1,1,'a'),(1,2,'b'),(2,NULL,'a'),(2,2,NULL),(NULL,3,'c'),(NULL,NULL,'b'),(4,0,'a'),(4,0,'a'),(5,5,'e')",
  s: "(1,'a'),(2,'b'),(2,'b'),(NULL,'a'),(3,NULL),(7,'z')",
};

export const SMALL_TABLES = [
  fixtureTable('l', [column('k', INT32, { notNull: true }), column('a', INT32), column('b', INT32), column('t', TEXT)], 8),
  fixtureTable('r', [column('a', INT32), column('b', INT32), column('t', TEXT)], 9),
  fixtureTable('s', [column('a', INT32), column('t', TEXT)], 6),
  fixtureTable('e', [column('a', INT32), column('b', INT32)], 0),
];

/** DuckDB statements that make the same tables. */
export const SMALL_SETUP: readonly string[] = [
  'CREATE TABLE l (k INTEGER NOT NULL, a INTEGER, b INTEGER, t VARCHAR)',
  'CREATE TABLE r (a INTEGER, b INTEGER, t VARCHAR)',
  'CREATE TABLE s (a INTEGER, t VARCHAR)',
  'CREATE TABLE e (a INTEGER, b INTEGER)',
  ...Object.entries(SMALL_ROWS).map(([table, rows]) => `INSERT INTO ${table} VALUES ${rows}`),
];

/** The fixture's catalog over these tables, with integer arithmetic for folding and the aggregate `single_value`. */
export function smallCatalog(): Catalog {
  const catalog = fixtureCatalog(SMALL_TABLES);
  return { ...catalog, functions: withSingleValue(catalog.functions), evaluate: (each) => evaluate(each, catalog) };
}

function withSingleValue(functions: FunctionCatalog): FunctionCatalog {
  return {
    ...functions,
    kinds: (name) => (name === 'single_value' ? ['aggregate'] : functions.kinds(name)),
    aggregate: (name, arguments_: readonly ArgumentInfo[], span) =>
      name === 'single_value'
        ? { ...functions.aggregate('min', arguments_, span), name }
        : functions.aggregate(name, arguments_, span),
  };
}

type Operation = (a: number, b: number) => number | boolean;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  equal: (a, b) => a === b,
  not_equal: (a, b) => a !== b,
  less: (a, b) => a < b,
  less_equal: (a, b) => a <= b,
  greater: (a, b) => a > b,
  greater_equal: (a, b) => a >= b,
};

function evaluate(expression: BoundExpression, catalog: Catalog): ConstantValue {
  if (expression.kind === 'call') {
    const [a, b] = expression.arguments.map((each) => evaluate(each, catalog));
    if (expression.function.name === 'divide') {
      if (Number(b) === 0) throw new LumaError(SQLSTATE.divisionByZero, 'division by zero');
      return Math.trunc(Number(a) / Number(b));
    }
    const operation = OPERATIONS[expression.function.name];
    if (operation === undefined || typeof a === 'string') return catalog.evaluate(expression);
    const result = operation(Number(a), Number(b));
    return typeof result === 'number' && expression.type.kind === 'int64' ? BigInt(result) : result;
  }
  if (expression.kind === 'in' && expression.operand.kind === 'constant') {
    const { value } = expression.operand;
    if (expression.values.some((each) => each.value === value)) return true;
    return expression.values.some((each) => each.value === null) ? null : false;
  }
  if (expression.kind === 'cast') {
    const value = evaluate(expression.operand, catalog);
    return catalog.evaluate({ ...expression, operand: constantOf(value, expression.operand.type) });
  }
  return catalog.evaluate(expression);
}
