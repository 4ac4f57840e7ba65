import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api';
import type { Session } from '../../src/engine/session.ts';
import { asLumaError } from '../../src/types/error.ts';
import { formatReader } from '../../src/types/format.ts';
import { isValid } from '../../src/types/vector.ts';

/** What an engine says to a query. */
export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

export type Row = readonly Cell[];
/** A double as a number, everything else as text (decimals without the zeros at their end). */
export type Cell = string | number | null;

/** DuckDB with PostgreSQL's order of NULLs. */
export async function openDuckDb(setup: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET default_null_order = 'postgres'");
  // DuckDB 1.5 pushes a join's filter below ORDER BY … NULLS FIRST LIMIT, which then keeps other rows.
  await connection.run("SET disabled_optimizers = 'join_filter_pushdown'");
  for (const statement of setup.split(';')) if (statement.trim() !== '') await connection.run(statement);
  return connection;
}

/** A query that takes longer has no answer. */
const PATIENCE_MS = 20_000;

/** DuckDB's `/` makes doubles of integers: what LQL writes as a division of integers is marked and becomes `//`. */
export async function askDuckDb(connection: DuckDBConnection, query: string): Promise<Answer> {
  const timer = setTimeout(() => connection.interrupt(), PATIENCE_MS);
  try {
    const result = await connection.runAndReadAll(query.replaceAll('/*int*/ /', '//'));
    const doubles = result.columnTypes().map((type) => type.typeId === DuckDBTypeId.DOUBLE);
    const rows = result
      .getRows()
      .map((row) => row.map((value, i) => (value === null ? null : cell(String(value), doubles[i] === true))));
    return { kind: 'rows', rows };
  } catch (thrown) {
    return { kind: 'error', code: '', message: String(thrown) };
  } finally {
    clearTimeout(timer);
  }
}

export async function askLumaDb(session: Session, query: string): Promise<Answer> {
  const rows: Row[] = [];
  try {
    for await (const outcome of session.run(query)) {
      if (outcome.kind !== 'rows') continue;
      for await (const batch of outcome.batches) {
        const readers = batch.columns.map(formatReader);
        for (let row = 0; row < batch.length; row++) {
          rows.push(
            batch.columns.map((column, i) =>
              isValid(column, row)
                ? cell(readers[i]?.(row) ?? '', column.type.kind === 'float64', column.type.kind === 'boolean')
                : null,
            ),
          );
        }
      }
    }
  } catch (thrown) {
    const { code, message } = asLumaError(thrown);
    return { kind: 'error', code, message };
  }
  return { kind: 'rows', rows };
}

function cell(text: string, double: boolean, boolean = false): Cell {
  if (boolean) return text === 't' ? 'true' : 'false';
  if (double) return Number(text);
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}
