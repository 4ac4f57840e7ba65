import { describe, expect, test } from 'vitest';
import { ValueCache } from '../../../src/exec/expression/context.ts';
import { ErrorTable } from '../../../src/exec/pipeline/code/errors.ts';
import { PipelineRow, type RowHost } from '../../../src/exec/pipeline/code/row.ts';
import type { Row } from '../../../src/exec/pipeline/stream.ts';
import { RuntimeModule } from '../../../src/exec/runtime/routine.ts';
import type { Value } from '../../../src/functions/definition.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { ModuleBuilder } from '../../../src/wasm/module-builder.ts';

function host(): RowHost {
  const module = new ModuleBuilder();
  const unused = (): never => {
    throw new Error('not expected');
  };
  return {
    f: module.function([], []),
    runtime: new RuntimeModule(module),
    parameter: unused,
    constant: unused,
    allocate: unused,
    raiseError: unused,
    dictionaryTable: () => null,
  };
}

describe('a row of a pipeline', () => {
  function fixture(): { row: Row; made: () => number } {
    const here = host();
    let made = 0;
    const column = (row: Row): Value => {
      made++;
      return { type: INT32, locals: [row.f.local('i32')], isNull: null, bounds: null };
    };
    return { row: PipelineRow.over(here, new Map([[1, column]])), made: () => made };
  }

  test('computes a column once, and a branch sees what was computed before it', () => {
    const { row, made } = fixture();
    const value = row.column(1);
    expect(row.column(1)).toBe(value);
    expect(row.branch().column(1)).toBe(value);
    expect(made()).toBe(1);
  });

  test('does not see what a branch computed: that code may not have run', () => {
    const { row, made } = fixture();
    const inner = row.branch().column(1);
    expect(row.column(1)).not.toBe(inner);
    expect(row.branch().column(1)).toBe(row.column(1));
    expect(made()).toBe(2);
  });

  test('a column may be defined by the one of the same id below it', () => {
    const { row } = fixture();
    const below = row.column(1);
    const above = row.with(new Map([[1, (under: Row) => ({ ...under.column(1), bounds: { min: 0n, max: 9n } })]]));
    expect(above.column(1)).toEqual({ ...below, bounds: { min: 0n, max: 9n } });
    expect(row.column(1)).toBe(below);
    expect(above.branch().with(new Map()).column(1)).toBe(above.column(1));
  });

  test('an expression over a column is another one where its id has another meaning', () => {
    const { row } = fixture();
    const below = row.column(1);
    row.cache.set('x', below);
    expect(row.with(new Map([[2, (under: Row) => under.column(1)]])).cache.get('x')).toBe(below);
    const above = row.with(new Map([[1, (under: Row) => ({ ...under.column(1), isNull: under.f.local('i32') })]]));
    expect(above.cache.get('x')).toBeUndefined();
    above.cache.set('x', above.column(1));
    expect(above.branch().cache.get('x')).toBe(above.column(1));
    expect(row.cache.get('x')).toBe(below);
  });

  test('expressions are cached like columns', () => {
    const { row } = fixture();
    expect(row.cache).toBeInstanceOf(ValueCache);
    const branch = row.branch();
    branch.cache.set('x', row.column(1));
    expect(row.cache.get('x')).toBeUndefined();
    row.cache.set('y', row.column(1));
    expect(branch.cache.get('y')).toBe(row.column(1));
    expect(row.with(new Map()).cache.get('y')).toBe(row.column(1));
  });

  test('a column that nothing defines is an internal error', () => {
    expect(() => fixture().row.column(2)).toThrow(expect.objectContaining({ code: 'XX000' }));
    expect(() => fixture().row.sequence()).toThrow(expect.objectContaining({ code: 'XX000' }));
  });
});

test('errors are numbered once each, and the text takes the place of the %', () => {
  const errors = new ErrorTable();
  const error = { code: '22P02', message: 'invalid input: "%"', span: { start: 1, end: 2 }, hint: undefined };
  const number = errors.add(error);
  expect(errors.add({ ...error })).toBe(number);
  expect(errors.add({ ...error, code: '22003' })).not.toBe(number);
  expect(errors.get(number, '$&')).toMatchObject({ code: '22P02', message: 'invalid input: "$&"', span: error.span });
  expect(errors.get(99, '')).toBeUndefined();
});
