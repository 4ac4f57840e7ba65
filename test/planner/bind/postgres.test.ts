import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DataType } from '../../../src/types/data-type.ts';
import { LumaError } from '../../../src/types/error.ts';
import { bindSql } from './bind-text.ts';
import type { Answers } from './postgres/record.ts';

/**
 * Names and types of result columns, SQLSTATE and place of errors, as the PostgreSQL named in the file gave them
 * (postgres/record.ts). PostgreSQL points at one token of what is wrong; our span must cover it.
 */
const { engine, answers } = JSON.parse(readFileSync(new URL('postgres/answers.golden.json', import.meta.url), 'utf8')) as Answers;

/** PostgreSQL's name of a type. */
function typname(type: DataType): string {
  switch (type.kind) {
    case 'boolean':
      return 'bool';
    case 'int32':
      return 'int4';
    case 'int64':
      return 'int8';
    case 'float64':
      return 'float8';
    case 'decimal':
      return 'numeric';
    case 'timestamp':
      return type.zoned ? 'timestamptz' : 'timestamp';
    default:
      return type.kind;
  }
}

function outcome(sql: string): unknown {
  try {
    const { plan, output } = bindSql(sql);
    const byId = new Map(plan.columns.map((column) => [column.id, column.type]));
    return output.map(({ name, id }) => ({ name, type: typname(byId.get(id) ?? { kind: 'null' }) }));
  } catch (thrown) {
    if (thrown instanceof LumaError) return thrown;
    throw thrown;
  }
}

describe(engine, () => {
  test.each(answers.map((answer) => [answer.sql, answer] as const))('%s', (sql, answer) => {
    const result = outcome(sql);
    if ('columns' in answer) {
      if (result instanceof LumaError) throw result;
      expect(result).toEqual(answer.columns);
      return;
    }
    expect(result).toBeInstanceOf(LumaError);
    if (!(result instanceof LumaError)) return;
    expect(`${result.code} ${result.message}`).toContain(answer.error);
    if (answer.position === null) return;
    expect(result.span?.start).toBeLessThan(answer.position);
    expect(result.span?.end).toBeGreaterThanOrEqual(answer.position);
  });
});
