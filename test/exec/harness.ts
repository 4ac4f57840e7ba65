import type { BoundExpression, Column, ColumnRef, NamedExpression, ParameterRef } from '../../planner/expression.ts';
import { callOf, constantOf } from '../../planner/expression-build.ts';
import type {
  FilterOperator,
  LimitOperator,
  PhysicalPlan,
  PhysicalQuery,
  ProjectOperator,
  TableScan,
} from '../../planner/physical/plan.ts';
import { type ExecutionContext, type ExecutionResult, Executor } from '../../src/exec/executor.ts';
import { functionCatalog } from '../../src/functions/registry.ts';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { BOOLEAN, type DataType, FLOAT64, INT32, INT64, TEXT } from '../../src/types/data-type.ts';
import { NO_SPAN } from '../../src/types/span.ts';
import type { Batch, Values, Vector } from '../../src/types/vector.ts';
import { batchOf } from '../../src/types/vector-build.ts';
import { readValues, type VectorValue } from '../../src/types/vector-read.ts';
import type { StorageEngine } from '../../storage/api.ts';
import { openMemory } from '../../storage/memory/engine.ts';

export type JsRow = readonly VectorValue[];

export interface HarnessOptions {
  readonly threads?: number;
  readonly workMemory?: number;
}

const ESTIMATE = { rows: 0, cost: 0 };
const INSERT_ROWS = 65536;

/** A memory engine and an executor, with plans built by hand: for tests of operators. */
export class Harness {
  readonly memory = new SharedMemory(1 << 30);
  readonly storage: StorageEngine = openMemory(this.memory);
  readonly executor: Executor;
  #columns = 1;
  #nodes = 1;

  constructor(options: HarnessOptions = {}) {
    this.executor = new Executor(this.memory, { threads: options.threads ?? 2, workMemory: options.workMemory ?? 1 << 29 });
  }

  async close(): Promise<void> {
    await this.executor.close();
    await this.storage.close();
  }

  async createTable(
    name: string,
    columns: readonly { readonly name: string; readonly type: DataType }[],
    rows: readonly JsRow[],
  ): Promise<void> {
    const transaction = this.storage.begin();
    transaction.createTable({ name, columns: columns.map((each) => ({ ...each, role: 'field', notNull: false })) });
    const types = columns.map(({ type }) => type);
    for (let at = 0; at < rows.length; at += INSERT_ROWS)
      transaction.write(name, batchOf(types, rows.slice(at, at + INSERT_ROWS)));
    await transaction.commit();
  }

  /** A table of `rows` rows from whole vectors, for many rows; `vectors(first, length)` makes a part of it. */
  async createLarge(
    name: string,
    columns: readonly { readonly name: string; readonly type: DataType }[],
    rows: number,
    vectors: (first: number, length: number) => readonly Vector[],
  ): Promise<void> {
    const transaction = this.storage.begin();
    transaction.createTable({ name, columns: columns.map((each) => ({ ...each, role: 'field', notNull: false })) });
    for (let at = 0; at < rows; at += INSERT_ROWS) {
      const length = Math.min(INSERT_ROWS, rows - at);
      transaction.write(name, { length, columns: vectors(at, length) });
    }
    await transaction.commit();
  }

  column(name: string, type: DataType, nullable = true): Column {
    return { id: this.#columns++, name, type, nullable };
  }

  node(): { node: number; estimate: typeof ESTIMATE } {
    return { node: this.#nodes++, estimate: ESTIMATE };
  }

  scan(table: string, names?: readonly string[]): TableScan {
    const snapshot = this.storage.snapshot();
    const definition = snapshot.table(table);
    snapshot.release();
    if (definition === undefined) throw new Error(`no table ${table}`);
    const wanted = names ?? definition.columns.map((each) => each.name);
    const positions = wanted.map((name) => definition.columns.findIndex((each) => each.name === name));
    const columns = positions.map((position) => {
      const column = definition.columns[position];
      if (column === undefined) throw new Error(`${table} lacks a column`);
      return this.column(column.name, column.type);
    });
    return { kind: 'table_scan', ...this.node(), table, alias: table, columns, positions, bounds: [] };
  }

  filter(input: PhysicalPlan, ...predicates: readonly BoundExpression[]): FilterOperator {
    return { kind: 'filter', ...this.node(), input, columns: input.columns, predicates };
  }

  project(input: PhysicalPlan, ...expressions: readonly BoundExpression[]): ProjectOperator {
    const items: NamedExpression[] = expressions.map((expression, i) => ({
      output: this.column(`c${i}`, expression.type, expression.nullable),
      expression,
    }));
    return { kind: 'project', ...this.node(), input, columns: items.map(({ output }) => output), items };
  }

  limit(input: PhysicalPlan, count: number | null, offset: number | null = null): LimitOperator {
    const bound = (value: number | null): BoundExpression | null => (value === null ? null : constant(BigInt(value)));
    return { kind: 'limit', ...this.node(), input, columns: input.columns, count: bound(count), offset: bound(offset) };
  }

  query(plan: PhysicalPlan): PhysicalQuery {
    return { plan, output: plan.columns, parameters: [] };
  }

  /** The query under way; releasing it releases its snapshot. */
  async start(plan: PhysicalPlan, context: Partial<ExecutionContext> = {}): Promise<ExecutionResult> {
    const snapshot = this.storage.snapshot();
    const result = await this.executor.execute(this.query(plan), { snapshot, parameters: [], ...context });
    return {
      schema: result.schema,
      stream: () => result.stream(),
      batches: () => result.batches(),
      get statistics() {
        return result.statistics;
      },
      release: () => {
        result.release();
        snapshot.release();
      },
    };
  }

  /** All rows. */
  async rows(plan: PhysicalPlan, context: Partial<ExecutionContext> = {}): Promise<JsRow[]> {
    return (await this.run(plan, context)).rows;
  }

  async run(plan: PhysicalPlan, context: Partial<ExecutionContext> = {}): Promise<{ rows: JsRow[]; result: ExecutionResult }> {
    const snapshot = this.storage.snapshot();
    const result = await this.executor.execute(this.query(plan), { snapshot, parameters: [], ...context });
    try {
      const rows: JsRow[] = [];
      for await (const batch of result.stream()) for (const row of rowsOf(batch)) rows.push(row);
      return { rows, result };
    } finally {
      result.release();
      snapshot.release();
    }
  }
}

/** A vector without NULLs over its values. */
export function vector(type: DataType, values: Values): Vector {
  return { type, length: values.length, validity: null, values, offsets: null, dictionary: null };
}

export function rowsOf(batch: Batch): JsRow[] {
  const columns = batch.columns.map(readValues);
  return Array.from({ length: batch.length }, (_, row) => columns.map((values) => values[row] ?? null));
}

export function ref(plan: PhysicalPlan, name: string): ColumnRef {
  const column = plan.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return { kind: 'column', id: column.id, name, type: column.type, nullable: column.nullable, span: NO_SPAN };
}

/** A constant; without a type, bigint is int64, string text, boolean boolean, a number int32 or float64. */
export function constant(value: VectorValue, type?: DataType): BoundExpression {
  return constantOf(value, type ?? typeOf(value));
}

function typeOf(value: VectorValue): DataType {
  if (typeof value === 'bigint') return INT64;
  if (typeof value === 'string') return TEXT;
  if (typeof value === 'boolean') return BOOLEAN;
  return Number.isInteger(value) ? INT32 : FLOAT64;
}

export function parameter(index: number, type: DataType, nullable = false): ParameterRef {
  return { kind: 'parameter', index, type, nullable, span: NO_SPAN };
}

/** A call of the overload that these argument types resolve to; arguments must already have its types. */
export function call(name: string, ...arguments_: readonly BoundExpression[]): BoundExpression {
  const resolved = functionCatalog.scalar(
    name,
    arguments_.map(({ type }) => ({ type, untyped: false })),
    NO_SPAN,
  );
  return callOf(resolved, arguments_);
}
