import type { BoundExpression, ColumnId, ConstantValue } from '../../../planner/expression.ts';
import { constantOf } from '../../../planner/expression-build.ts';
import { substituteColumns } from '../../../planner/expression-visit.ts';
import { type DictionaryTable, type ExpressionContext, ValueCache } from '../../../src/exec/expression/context.ts';
import { emitDictionaryTable } from '../../../src/exec/expression/dictionary.ts';
import { emitCondition, emitExpression } from '../../../src/exec/expression/emit.ts';
import { evaluateConstant } from '../../../src/exec/expression/evaluate.ts';
import { loadSlot, readSlot, SLOT_BYTES, storeSlot, writeSlot } from '../../../src/exec/expression/slot.ts';
import { fitsInt64, greater, lesser } from '../../../src/exec/expression/values.ts';
import { createImports } from '../../../src/exec/runtime/imports.ts';
import { importedRoutine, RuntimeModule } from '../../../src/exec/runtime/routine.ts';
import type { Bounds, DictionaryHandle, FloatRange, Value } from '../../../src/functions/definition.ts';
import type { DataType } from '../../../src/types/data-type.ts';
import { LumaError } from '../../../src/types/error.ts';
import type { FunctionBuilder, Label, Local } from '../../../src/wasm/function-builder.ts';
import { ModuleBuilder } from '../../../src/wasm/module-builder.ts';

/** Runs expressions over rows in one generated loop, so that what one row leaves in locals meets the next one. */

export interface TestColumn {
  readonly id: ColumnId;
  readonly type: DataType;
  /** Text as codes into the column's distinct values. */
  readonly dictionary?: boolean;
}

export type TestRow = readonly ConstantValue[];

export interface RunOptions {
  /** Proven bounds of integer columns, from the rows themselves. */
  readonly bounds?: boolean;
  /** Evaluates as a condition: the results are 0 and 1 as booleans. */
  readonly condition?: boolean;
}

/** The value of the expression in each row, or the SQLSTATE that it raised there. */
export type Outcome = { readonly value: ConstantValue } | { readonly error: string };

const BASE = 64;

/** What `evaluateConstant` gives for each row, the columns replaced by their values. */
export function evaluateRows(expression: BoundExpression, columns: readonly TestColumn[], rows: readonly TestRow[]): Outcome[] {
  return rows.map((row) => {
    const values = new Map(columns.map(({ id, type }, i) => [id, constantOf(row[i] ?? null, type)]));
    try {
      return { value: evaluateConstant(substituteColumns(expression, values)) };
    } catch (thrown) {
      if (thrown instanceof LumaError) return { error: thrown.code };
      throw thrown;
    }
  });
}

export function runRows(
  expression: BoundExpression,
  columns: readonly TestColumn[],
  rows: readonly TestRow[],
  options: RunOptions = {},
): Outcome[] {
  const run = new Run(columns, rows, options);
  return run.execute(expression);
}

interface Dictionary extends DictionaryHandle {
  readonly codes: ReadonlyMap<string, number>;
}

class Run {
  readonly #columns: readonly TestColumn[];
  readonly #rows: readonly TestRow[];
  readonly #options: RunOptions;
  readonly #memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  readonly #module = new ModuleBuilder();
  readonly #runtime: RuntimeModule;
  readonly #dictionaries: readonly (Dictionary | null)[];
  readonly #errors: string[] = [];
  readonly #tables = new Map<string, DictionaryTable>();
  readonly #prepares: string[] = [];
  #top = BASE;

  constructor(columns: readonly TestColumn[], rows: readonly TestRow[], options: RunOptions) {
    this.#columns = columns;
    this.#rows = rows;
    this.#options = options;
    this.#module.importMemory('env', 'memory');
    this.#runtime = new RuntimeModule(this.#module);
    this.#dictionaries = columns.map((column, i) => (column.dictionary === true ? this.#dictionary(i) : null));
  }

  execute(expression: BoundExpression): Outcome[] {
    const rowBytes = this.#columns.length * SLOT_BYTES;
    const input = this.#reserve(this.#rows.length * rowBytes);
    const output = this.#reserve(this.#rows.length * SLOT_BYTES);
    this.#write(input, rowBytes);
    this.#emitLoop(expression, input, rowBytes, output);
    const imports = createImports(this.#memory);
    const js = { ...imports.js, reserve: (size: number) => this.#reserve(size) };
    const module = new WebAssembly.Module(this.#module.bytes());
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory }, js });
    for (const name of [...this.#prepares, 'run']) {
      const exported = exports[name];
      if (typeof exported === 'function') exported();
    }
    const view = new DataView(this.#memory.buffer);
    return this.#rows.map((_, i) => {
      const flag = view.getInt32(output + i * SLOT_BYTES, true);
      if (flag > 1) return { error: this.#errors[flag - 2] ?? 'unknown' };
      return { value: readSlot(view, output + i * SLOT_BYTES, expression.type) };
    });
  }

  #emitLoop(expression: BoundExpression, input: number, rowBytes: number, output: number): void {
    const f = this.#module.function([], []);
    const row = f.local('i32');
    const result = f.local('i32');
    const count = f.local('i32');
    f.i32(input).set(row).i32(output).set(result);
    f.loop((again) => {
      f.block((next) => {
        const context = this.#context(f, (i) => this.#column(f, row, i), { label: next, result });
        if (this.#options.condition === true) {
          const value: Value = { type: expression.type, locals: [f.local('i32')], isNull: null, bounds: null };
          emitCondition(context, expression);
          for (const local of value.locals) f.set(local);
          storeSlot(f, result, value);
        } else storeSlot(f, result, emitExpression(context, expression));
      });
      f.get(row).i32(rowBytes).op('i32.add').set(row);
      f.get(result).i32(SLOT_BYTES).op('i32.add').set(result);
      f.get(count).i32(1).op('i32.add').tee(count).i32(this.#rows.length).op('i32.lt_u').brIf(again);
    });
    this.#module.export('run', f);
  }

  #column(f: FunctionBuilder, row: Local, position: number): Value {
    const column = this.#columns[position];
    if (column === undefined) throw new RangeError(`no column ${position}`);
    const nullable = this.#rows.some((each) => each[position] === null);
    const dictionary = this.#dictionaries[position];
    if (dictionary === null || dictionary === undefined) {
      const value = loadSlot(f, row, position * SLOT_BYTES, column.type, nullable);
      const bounds = this.#options.bounds === true ? this.#boundsOf(position) : null;
      const range = this.#options.bounds === true ? this.#rangeOf(position) : undefined;
      return {
        ...value,
        bounds,
        range,
        locals: bounds !== null && value.locals.length === 2 && fitsInt64(bounds) ? value.locals.slice(0, 1) : value.locals,
      };
    }
    const coded = loadSlot(f, row, position * SLOT_BYTES, { kind: 'int32' }, nullable);
    const [code] = coded.locals;
    if (code === undefined) throw new RangeError('a code has a local');
    return { type: column.type, locals: [], isNull: coded.isNull, bounds: null, dictionary: { code, dictionary } };
  }

  #rangeOf(position: number): FloatRange | undefined {
    if (this.#columns[position]?.type.kind !== 'float64') return undefined;
    const present = this.#rows.flatMap((row) => (typeof row[position] === 'number' ? [row[position]] : []));
    if (present.length === 0 || !present.every(Number.isFinite)) return undefined;
    return { min: Math.min(...present), max: Math.max(...present) };
  }

  #boundsOf(position: number): Bounds | null {
    const kind = this.#columns[position]?.type.kind;
    if (kind === 'float64' || kind === 'text' || kind === 'interval') return null;
    const present = this.#rows.flatMap((row) => {
      const value = row[position];
      return value === null || value === undefined || typeof value === 'object' ? [] : [BigInt(value)];
    });
    const [first] = present;
    if (first === undefined) return null;
    return present.reduce((bounds, value) => ({ min: lesser(bounds.min, value), max: greater(bounds.max, value) }), {
      min: first,
      max: first,
    });
  }

  #context(
    f: FunctionBuilder,
    load: (position: number) => Value,
    onError: { readonly label: Label; readonly result: Local } | null,
    cache = new ValueCache(),
    loaded = new Map<ColumnId, Value>(),
  ): ExpressionContext {
    return {
      f,
      runtime: this.#runtime,
      cache,
      branch: () => this.#context(f, load, onError, new ValueCache(cache), new Map(loaded)),
      column: (id) => {
        const known = loaded.get(id);
        if (known !== undefined) return known;
        const value = load(this.#columns.findIndex((column) => column.id === id));
        loaded.set(id, value);
        return value;
      },
      parameter: (index) => {
        throw new RangeError(`no parameter ${index}`);
      },
      constant: (bytes) => {
        const address = this.#reserve(bytes.length);
        new Uint8Array(this.#memory.buffer).set(bytes, address);
        const local = f.local('i32');
        f.i32(address).set(local);
        return local;
      },
      allocate: () => this.#runtime.call(f, reserve),
      raise: ({ code }) => {
        this.#errors.push(code);
        if (onError === null) f.unreachable();
        else
          f.get(onError.result)
            .i32(this.#errors.length + 1)
            .store('i32.store')
            .br(onError.label);
      },
      dictionaryTable: (request) => {
        const known = this.#tables.get(request.key);
        if (known !== undefined) return known;
        const handle = this.#dictionaries.find((each) => each?.key === request.dictionary.key);
        const entries = (handle?.codes.size ?? 0) + 1;
        const values = this.#reserve(entries * request.width);
        const nulls = this.#reserve(entries);
        const prepare = this.#module.function([], []);
        const [valuesAt, nullsAt] = [prepare.local('i32'), prepare.local('i32')];
        prepare.i32(values).set(valuesAt).i32(nulls).set(nullsAt);
        emitDictionaryTable(
          prepare,
          request,
          valuesAt,
          request.nullable ? nullsAt : null,
          (column) => this.#context(prepare, () => column, null),
          emitExpression,
        );
        const name = `prepare${this.#prepares.length}`;
        this.#module.export(name, prepare);
        this.#prepares.push(name);
        const table: DictionaryTable = { pushValues: (each) => each.i32(values), pushNulls: (each) => each.i32(nulls) };
        this.#tables.set(request.key, table);
        return table;
      },
    };
  }

  #dictionary(position: number): Dictionary {
    const texts = [...new Set(this.#rows.flatMap((row) => (typeof row[position] === 'string' ? [row[position]] : [])))];
    // a value that no row has, and that number casts would fail on
    texts.push('in no row');
    const encoded = texts.map((text) => new TextEncoder().encode(text));
    const values = this.#reserve(encoded.reduce((sum, each) => sum + each.length, 0));
    const offsets = this.#reserve((texts.length + 1) * 4);
    const view = new DataView(this.#memory.buffer);
    let at = 0;
    encoded.forEach((bytes, i) => {
      new Uint8Array(this.#memory.buffer).set(bytes, values + at);
      at += bytes.length;
      view.setInt32(offsets + (i + 1) * 4, at, true);
    });
    return {
      key: `d${position}`,
      size: texts.length,
      codes: new Map(texts.map((text, i) => [text, i])),
      pushSize: (f) => f.i32(texts.length),
      pushOffsets: (f) => f.i32(offsets),
      pushValues: (f) => f.i32(values),
    };
  }

  #write(input: number, rowBytes: number): void {
    const view = new DataView(this.#memory.buffer);
    this.#rows.forEach((row, i) => {
      this.#columns.forEach(({ type }, position) => {
        const at = input + i * rowBytes + position * SLOT_BYTES;
        const value = row[position] ?? null;
        const codes = this.#dictionaries[position]?.codes;
        if (codes !== undefined && typeof value === 'string') writeSlot(view, at, { kind: 'int32' }, codes.get(value) ?? 0);
        else writeSlot(view, at, type, value, (text) => this.#writeText(text));
      });
    });
  }

  #writeText(text: string): { readonly address: number; readonly length: number } {
    const bytes = new TextEncoder().encode(text);
    const address = this.#reserve(bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes, address);
    return { address, length: bytes.length };
  }

  #reserve(size: number): number {
    const address = this.#top;
    this.#top += (size + 7) & ~7;
    if (this.#top + 64 > this.#memory.buffer.byteLength) this.#memory.grow(Math.ceil(size / 65536) + 16);
    return address;
  }
}

const reserve = importedRoutine('reserve', ['i32'], ['i32']);
