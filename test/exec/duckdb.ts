import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { DataType } from '../../src/types/data-type.ts';
import type { JsRow } from './harness.ts';

/** DuckDB over the same rows: the oracle for relational answers. */
export class DuckOracle {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<DuckOracle> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new DuckOracle(await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
  }

  async createTable(
    name: string,
    columns: readonly { readonly name: string; readonly type: DataType }[],
    rows: readonly JsRow[],
  ): Promise<void> {
    await this.#connection.run(
      `CREATE TABLE "${name}" (${columns.map((each) => `${each.name} ${sqlType(each.type)}`).join(', ')})`,
    );
    for (let at = 0; at < rows.length; at += 1000) {
      const values = rows
        .slice(at, at + 1000)
        .map((row) => `(${row.map((value, i) => literal(value, columns[i]?.type)).join(', ')})`);
      await this.#connection.run(`INSERT INTO "${name}" VALUES ${values.join(', ')}`);
    }
  }

  /** Every value as DuckDB prints it; null for NULL. */
  async rows(sql: string): Promise<(string | null)[][]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
  }
}

function sqlType(type: DataType): string {
  switch (type.kind) {
    case 'int32':
      return 'INTEGER';
    case 'int64':
      return 'BIGINT';
    case 'float64':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'text':
      return 'VARCHAR';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    default:
      throw new Error(`no DuckDB type for ${type.kind}`);
  }
}

export function literal(value: JsRow[number], type: DataType | undefined): string {
  if (value === null || type === undefined) return 'NULL';
  switch (type.kind) {
    case 'text':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'date':
      return `DATE '1970-01-01' + ${String(value)}`;
    case 'decimal':
      return `(${String(value)}::DECIMAL(38, 0) / 1${'0'.repeat(type.scale)})::DECIMAL(${type.precision}, ${type.scale})`;
    case 'float64':
      return Number.isFinite(value) ? `${String(value)}::DOUBLE` : `'${String(value)}'::DOUBLE`;
    default:
      return String(value);
  }
}
