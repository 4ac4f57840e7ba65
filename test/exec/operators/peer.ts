import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBIntervalValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { DataType } from '../../../src/types/data-type.ts';
import type { VectorValue } from '../../../src/types/vector-read.ts';
import type { Harness, JsRow } from '../harness.ts';

export interface TestColumn {
  readonly name: string;
  readonly type: DataType;
}

/** DuckDB in process, with the same tables as a harness: what answers are expected comes from it. */
export class Peer {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<Peer> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new Peer(await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
  }

  /** Makes the table of `query` here, and copies it into the harness. */
  async createTable(db: Harness, name: string, columns: readonly TestColumn[], query: string): Promise<void> {
    await this.#connection.run(`create table ${name} as ${query}`);
    await db.createTable(name, columns, await this.rows(`select ${columns.map((column) => column.name).join()} from ${name}`));
  }

  async rows(query: string): Promise<JsRow[]> {
    const reader = await this.#connection.runAndReadAll(query);
    return reader.getRows().map((row) => row.map(fromDuckDB));
  }
}

function fromDuckDB(value: DuckDBValue): VectorValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBIntervalValue) {
    return { months: value.months, days: value.days, nanoseconds: value.micros * 1000n };
  }
  throw new Error(`no value for ${String(value)}`);
}

/** A row as text in which equal values look equal: floats to nine digits, −0 as 0, intervals by PostgreSQL's comparison. */
export function rowKey(row: JsRow): string {
  return row.map(valueKey).join(' | ');
}

function valueKey(value: VectorValue): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toPrecision(9).replace(/\.?0+(e|$)/, '$1');
  if (value !== null && typeof value === 'object') {
    const { months, days, nanoseconds } = value;
    return `interval ${BigInt(months * 30 + days) * 86_400_000_000_000n + nanoseconds}`;
  }
  return value === 0 ? '0' : String(value);
}

/** Rows regardless of their order. */
export function bag(rows: readonly JsRow[]): string[] {
  return rows.map(rowKey).sort();
}
