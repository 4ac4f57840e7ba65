import { lql } from '../../grammars/lql/language.ts';
import { bindQuery } from '../../planner/bind/bind.ts';
import { createColumnFactory } from '../../planner/bind/column-factory.ts';
import type { Catalog } from '../../planner/catalog.ts';
import type { BoundExpression, ConstantValue } from '../../planner/expression.ts';
import { evaluateConstant } from '../../src/exec/expression/evaluate.ts';
import { functionCatalog } from '../../src/functions/registry.ts';
import { LumaError } from '../../src/types/error.ts';

/** A catalog without tables, with every function. */
export const catalog: Catalog = {
  table: () => undefined,
  tables: () => [],
  functions: functionCatalog,
  evaluate: evaluateConstant,
};

/** The one expression of `SELECT text`, bound. */
export function bound(text: string): BoundExpression {
  const [statement] = lql.parse(`SELECT ${text}`);
  if (statement?.kind !== 'query_statement') throw new TypeError(`${text} is no expression`);
  const { plan } = bindQuery(statement.query, catalog, { columns: createColumnFactory(), now: 0n });
  if (plan.kind !== 'project' || plan.items.length !== 1) throw new TypeError(`${text} is not one expression`);
  const [item] = plan.items;
  if (item === undefined) throw new TypeError(`${text} is no expression`);
  return item.expression;
}

export function evaluate(text: string): ConstantValue {
  return evaluateConstant(bound(text));
}

/** A value cast to text (null for NULL), and its type as pg_typeof names it. */
export interface Answer {
  readonly text: string | null;
  readonly type: string;
}

/** `integer: 5`; NULL is `integer` alone. */
export function shownAnswer({ text, type }: Answer): string {
  return text === null ? type : `${type}: ${text}`;
}

/** The shown answer, or `error` and its SQLSTATE. */
export function answer(text: string): string {
  try {
    const value = evaluate(`CAST(${text} AS TEXT)`);
    return shownAnswer({ text: value === null ? null : String(value), type: String(evaluate(`pg_typeof(${text})`)) });
  } catch (thrown) {
    if (thrown instanceof LumaError) return `error ${thrown.code}`;
    throw thrown;
  }
}
