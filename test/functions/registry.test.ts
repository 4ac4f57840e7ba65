import { describe, expect, test } from 'vitest';
import type { ArgumentInfo } from '../../planner/catalog.ts';
import { aggregateDefinition, scalarDefinition } from '../../src/functions/lookup.ts';
import { functionCatalog } from '../../src/functions/registry.ts';
import { scalarDefinitions } from '../../src/functions/scalar/all.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  NULL,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  timestamp,
} from '../../src/types/data-type.ts';
import { LumaError } from '../../src/types/error.ts';

/** Overload resolution; expected choices are PostgreSQL 15's (`pg_typeof`, and its messages). */

const SPAN = { start: 3, end: 9 };

function typed(...types: readonly DataType[]): ArgumentInfo[] {
  return types.map((type) => ({ type, untyped: false }));
}

const UNKNOWN: ArgumentInfo = { type: TEXT, untyped: true };
const BARE_NULL: ArgumentInfo = { type: NULL, untyped: true };

function failure(run: () => unknown): LumaError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof LumaError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

function scalarTypes(name: string, arguments_: readonly ArgumentInfo[]): readonly DataType[] {
  return functionCatalog.scalar(name, arguments_, SPAN).argumentTypes;
}

describe('overloads', () => {
  test('an exact match wins, then the one with fewer conversions', () => {
    expect(scalarTypes('add', typed(INT32, INT32))).toEqual([INT32, INT32]);
    expect(scalarTypes('add', typed(INT32, INT64))).toEqual([INT64, INT64]);
    expect(scalarTypes('add', typed(INT32, FLOAT64))).toEqual([FLOAT64, FLOAT64]);
    expect(scalarTypes('add', typed(DATE, INT32))).toEqual([DATE, INT32]);
  });

  test('decimals keep their digits; integers become decimals that hold them', () => {
    expect(scalarTypes('multiply', typed(decimal(15, 2), INT32))).toEqual([decimal(15, 2), decimal(10, 0)]);
    expect(functionCatalog.scalar('multiply', typed(decimal(15, 2), decimal(15, 2)), SPAN).returnType).toEqual(decimal(30, 4));
    expect(functionCatalog.scalar('add', typed(decimal(15, 2), decimal(12, 4)), SPAN).returnType).toEqual(decimal(18, 4));
  });

  test('integers prefer float64 where a function has no overload for them', () => {
    expect(scalarTypes('sqrt', typed(INT32))).toEqual([FLOAT64]);
    expect(scalarTypes('round', typed(INT32))).toEqual([FLOAT64]);
    // PostgreSQL has no round(double precision, integer); here avg gives float64, so round(avg(x), 2) needs it
    expect(scalarTypes('round', typed(INT32, INT32))).toEqual([FLOAT64, INT32]);
    expect(scalarTypes('round', typed(decimal(15, 4), INT32))).toEqual([decimal(15, 4), INT32]);
  });

  test('untyped literals take the type of the other argument, else text', () => {
    expect(scalarTypes('add', [...typed(INT32), UNKNOWN])).toEqual([INT32, INT32]);
    expect(scalarTypes('equal', [UNKNOWN, ...typed(DATE)])).toEqual([DATE, DATE]);
    expect(scalarTypes('equal', [UNKNOWN, BARE_NULL])).toEqual([TEXT, TEXT]);
    expect(scalarTypes('length', [UNKNOWN])).toEqual([TEXT]);
    expect(scalarTypes('subtract', [...typed(TIMESTAMP), UNKNOWN])).toEqual([TIMESTAMP, TIMESTAMP]);
  });

  test('timestamps meet in the finer unit, and as instants when one is', () => {
    expect(scalarTypes('less', typed(timestamp('ms'), TIMESTAMPTZ))).toEqual([TIMESTAMPTZ, TIMESTAMPTZ]);
    expect(scalarTypes('less', typed(DATE, TIMESTAMP))).toEqual([TIMESTAMP, TIMESTAMP]);
    expect(scalarTypes('less', typed(DATE, timestamp('ns')))).toEqual([timestamp('ns'), timestamp('ns')]);
  });

  test('concatenation needs a text on one side and casts the other', () => {
    expect(scalarTypes('concatenate', typed(TEXT, INT32))).toEqual([TEXT, TEXT]);
    expect(failure(() => functionCatalog.scalar('concatenate', typed(INT32, INT32), SPAN)).code).toBe('42883');
  });

  test('every overload is found again from what it resolves to', () => {
    const samples: Readonly<Record<string, DataType>> = {
      boolean: BOOLEAN,
      int32: INT32,
      int64: INT64,
      float64: FLOAT64,
      decimal: decimal(12, 3),
      text: TEXT,
      date: DATE,
      timestamp: TIMESTAMP,
      interval: INTERVAL,
      null: NULL,
      any: INT32,
      textual: TEXT,
    };
    for (const { name, overloads } of scalarDefinitions.values()) {
      for (const overload of overloads) {
        const types = overload.arguments.map((pattern) => {
          const leader = typeof pattern === 'string' ? pattern : overload.arguments[pattern.sameAs];
          return samples[typeof leader === 'string' ? leader : 'any'] ?? INT32;
        });
        const function_ = functionCatalog.scalar(name, typed(...types), SPAN);
        expect(scalarDefinition(function_).returns(types)).toEqual(function_.returnType);
      }
    }
  });
});

describe('errors', () => {
  test('an unknown name: the types as PostgreSQL writes them, the nearest name, the place', () => {
    const error = failure(() => functionCatalog.scalar('lenght', [...typed(INT32), UNKNOWN], SPAN));
    expect(error).toMatchObject({ code: '42883', message: 'function lenght(integer, unknown) does not exist', span: SPAN });
    expect(error.hint).toBe('Did you mean "length"?');
  });

  test('a known name with other types', () => {
    const error = failure(() => functionCatalog.scalar('add', typed(BOOLEAN, INT32), SPAN));
    expect(error).toMatchObject({ code: '42883', message: 'operator does not exist: boolean + integer' });
    expect(failure(() => functionCatalog.aggregate('sum', typed(TEXT), SPAN)).code).toBe('42883');
    expect(failure(() => functionCatalog.window('ntile', typed(TEXT), SPAN)).code).toBe('42883');
    expect(failure(() => functionCatalog.table('generate_series', typed(TEXT, TEXT), SPAN)).code).toBe('42883');
  });

  test('untyped operands that fit several overloads', () => {
    expect(failure(() => functionCatalog.scalar('add', [UNKNOWN, UNKNOWN], SPAN)).code).toBe('42725');
  });

  test('what is known and not here', () => {
    const error = failure(() => functionCatalog.aggregate('string_agg', typed(TEXT, TEXT), SPAN));
    expect(error).toMatchObject({ code: '0A000', span: SPAN });
  });

  test('an unknown series function', () => {
    expect(failure(() => functionCatalog.series('rat', SPAN)).hint).toBe('Did you mean "rate"?');
  });
});

test('what a name can be', () => {
  expect(functionCatalog.kinds('length')).toEqual(['scalar']);
  expect(functionCatalog.kinds('sum')).toEqual(['aggregate', 'window']);
  expect(functionCatalog.kinds('rank')).toEqual(['window']);
  expect(functionCatalog.kinds('generate_series')).toEqual(['table']);
  expect(functionCatalog.kinds('nothing')).toEqual([]);
});

test('common types', () => {
  const common = (...types: readonly DataType[]) => functionCatalog.commonType(typed(...types));
  expect(common(INT32, INT64)).toEqual(INT64);
  expect(common(INT32, decimal(5, 2))).toEqual(decimal(12, 2));
  expect(common(decimal(30, 2), decimal(30, 20))).toEqual(decimal(38, 20));
  expect(common(decimal(5, 2), FLOAT64)).toEqual(FLOAT64);
  expect(common(DATE, TIMESTAMPTZ)).toEqual(TIMESTAMPTZ);
  expect(common(INT32, TEXT)).toBe(undefined);
  expect(functionCatalog.commonType([UNKNOWN, BARE_NULL])).toEqual(TEXT);
  expect(functionCatalog.commonType([UNKNOWN, ...typed(DATE)])).toEqual(DATE);
});

test('aggregates: the types of results', () => {
  const returns = (name: string, ...types: readonly DataType[]) => {
    const function_ = functionCatalog.aggregate(name, typed(...types), SPAN);
    expect(aggregateDefinition(function_).nullOnEmpty).toBe(function_.nullOnEmpty);
    return function_.returnType;
  };
  expect(returns('count')).toEqual(INT64);
  expect(returns('sum', INT32)).toEqual(INT64);
  expect(returns('sum', INT64)).toEqual(decimal(38, 0));
  expect(returns('sum', decimal(15, 2))).toEqual(decimal(38, 2));
  expect(returns('avg', INT32)).toEqual(FLOAT64);
  expect(returns('min', decimal(15, 2))).toEqual(decimal(15, 2));
  expect(returns('stddev', INT32)).toEqual(FLOAT64);
});
