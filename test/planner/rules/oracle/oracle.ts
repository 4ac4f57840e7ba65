import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { parse } from '../../../../grammars/lql/parser.ts';
import { bindQuery } from '../../../../planner/bind/bind.ts';
import { createColumnFactory } from '../../../../planner/bind/column-factory.ts';
import type { Catalog } from '../../../../planner/catalog.ts';
import type { LogicalPlan, LogicalQuery } from '../../../../planner/logical/plan.ts';
import { applyRules, type RuleTrace } from '../../../../planner/rules/driver.ts';
import { RULES } from '../../../../planner/rules/order.ts';
import type { Rule } from '../../../../planner/rules/rule.ts';
import { planSql } from './plan-sql.ts';
import { EQUIVALENTS } from './queries.ts';
import { SMALL_SETUP, smallCatalog } from './small-tables.ts';

const CATALOG = smallCatalog();

/** The answer where DuckDB cannot run what it was given. */
export const UNSUPPORTED = 'unsupported by DuckDB';

/** A query bound and rewritten by the given rules (all of them, in order, unless said). */
export function rewrite(
  sql: string,
  rules: readonly Rule[] = RULES,
  catalog: Catalog = CATALOG,
): { readonly query: LogicalQuery; readonly plan: LogicalPlan; readonly trace: readonly RuleTrace[] } {
  const [statement] = parse(sql);
  if (statement?.kind !== 'query_statement') throw new Error(`not a query: ${sql}`);
  const columns = createColumnFactory();
  const query = bindQuery(statement.query, catalog, { columns, now: 0n });
  const { plan, trace } = applyRules(query.plan, rules, new Set(), {
    catalog,
    newColumn: (name, type, nullable) => columns.newColumn(name, type, nullable),
  });
  return { query, plan, trace };
}

/** DuckDB with the small tables: it answers the text as written and the rewritten plan, which must agree. */
export async function openOracle(): Promise<Oracle> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of SMALL_SETUP) await connection.run(statement);
  // PostgreSQL's order of NULLs, which the binder spells out.
  await connection.run("SET default_null_order = 'postgres'");
  return new Oracle(connection);
}

export class Oracle {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** The answer to the text itself. */
  answer(sql: string): Promise<string> {
    return this.#run(EQUIVALENTS[sql] ?? sql);
  }

  /** The answer to the plan, with the query's output columns. */
  planAnswer(plan: LogicalPlan, query: LogicalQuery): Promise<string> {
    const items = query.output.map(({ id }, at) => `c${id} AS o${at}`);
    return this.#run(`SELECT ${items.join(', ')} FROM (${planSql(plan)}) AS q`);
  }

  /** Rows as sorted lines; an error as its kind, since DuckDB's texts name what it was given. */
  async #run(sql: string): Promise<string> {
    try {
      const result = await this.#connection.runAndReadAll(sql);
      return result
        .getRows()
        .map((row) => row.map((value) => (value === null ? 'NULL' : String(value))).join(' | '))
        .sort()
        .join('\n');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (/more than one row/i.test(message)) return 'error: more than one row';
      if (/correlated columns not supported/.test(message)) return UNSUPPORTED;
      throw new Error(`${message}\nin ${sql}`, { cause: error });
    }
  }
}
