import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ArgumentInfo } from '../../planner/catalog.ts';
import type { BoundExpression } from '../../planner/expression.ts';
import { castOf } from '../../planner/expression-build.ts';
import { evaluateConstant } from '../../src/exec/expression/evaluate.ts';
import { functionCatalog } from '../../src/functions/registry.ts';
import { tableDefinitions } from '../../src/functions/table/all.ts';
import { windowDefinitions } from '../../src/functions/window/all.ts';
import { type DataType, INT32, TEXT } from '../../src/types/data-type.ts';
import { LumaError } from '../../src/types/error.ts';
import { formatValue } from '../../src/types/format.ts';
import { NO_SPAN } from '../../src/types/span.ts';
import type { Vector } from '../../src/types/vector.ts';
import { dictionaryVector, vectorOf } from '../../src/types/vector-build.ts';
import { readValues, type VectorValue } from '../../src/types/vector-read.ts';
import { seriesQueries, WINDOW_ROWS, windowCalls } from './cases/rows.ts';
import { bound } from './harness.ts';

interface Golden {
  readonly engine: string;
  readonly windows: readonly (readonly string[])[];
  readonly series: Readonly<Record<string, readonly (string | null)[] | string>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL('postgres.golden.json', import.meta.url), 'utf8'));

const LENGTH = WINDOW_ROWS.length;
const VALUES = vectorOf(
  INT32,
  WINDOW_ROWS.map(([, , value]) => value),
);
const TEXTS = vectorOf(
  TEXT,
  WINDOW_ROWS.map(([, , , text]) => text),
);

/** The same texts behind a dictionary. */
function coded(): Vector {
  const words = [...new Set(WINDOW_ROWS.flatMap(([, , , text]) => (text === null ? [] : [text])))];
  return dictionaryVector(
    words,
    WINDOW_ROWS.map(([, , , text]) => (text === null ? null : words.indexOf(text))),
  );
}

/** Row numbers where a new group begins, and the number of rows. */
function startsOf(keyOf: (row: (typeof WINDOW_ROWS)[number]) => string): Int32Array {
  const starts = WINDOW_ROWS.flatMap((row, i) => {
    const before = WINDOW_ROWS[i - 1];
    return before === undefined || keyOf(before) !== keyOf(row) ? [i] : [];
  });
  return Int32Array.from([...starts, LENGTH]);
}

const partitionStarts = startsOf(([partition]) => partition);
const peerStarts = startsOf(([partition, order]) => `${partition} ${order}`);

function partitionOf(row: number): readonly [number, number] {
  const index = partitionStarts.findIndex((start, i) => start <= row && row < (partitionStarts[i + 1] ?? 0));
  return [partitionStarts[index] ?? 0, partitionStarts[index + 1] ?? 0];
}

function framesOf(frame: readonly [number, number] | null): { frameStart: Int32Array; frameEnd: Int32Array } {
  const frameStart = new Int32Array(LENGTH);
  const frameEnd = new Int32Array(LENGTH);
  for (let row = 0; row < LENGTH; row++) {
    const [from, to] = partitionOf(row);
    frameStart[row] = frame === null ? from : Math.max(from, row + frame[0]);
    frameEnd[row] = frame === null ? to : Math.min(to, row + frame[1] + 1);
  }
  return { frameStart, frameEnd };
}

function argumentVector(text: string, type: DataType, texts: Vector): Vector {
  if (text === 'v') return VALUES;
  if (text === 't') return texts;
  const value: VectorValue = text.startsWith("'") ? text.slice(1, -1) : Number(text);
  return vectorOf(type, new Array<VectorValue>(LENGTH).fill(value));
}

describe(`window functions as ${golden.engine}`, () => {
  test.each(windowCalls.map((call, i) => ({ ...call, expected: golden.windows[i] })))(
    '$name($arguments)',
    ({ name, arguments: list, frame, expected }) => {
      const texts = list === '' ? [] : list.split(', ');
      const infos = texts.map((text): ArgumentInfo => {
        if (text.startsWith("'")) return { type: TEXT, untyped: true };
        return { type: text === 't' ? TEXT : INT32, untyped: false };
      });
      const { argumentTypes, returnType } = functionCatalog.window(name, infos, NO_SPAN);
      const rows = { rows: LENGTH, partitionStarts, peerStarts, ...framesOf(frame) };
      for (const column of [TEXTS, coded()]) {
        const vectors = texts.map((text, i) => argumentVector(text, argumentTypes[i] ?? INT32, column));
        const result = windowDefinitions.get(name)?.compute(vectors, rows, returnType);
        const shown = readValues(result ?? VALUES).map((value) => (value === null ? 'null' : formatValue(value, returnType)));
        expect(shown).toEqual(expected);
      }
    },
  );

  test('counts below one are errors', () => {
    const zero = vectorOf(INT32, new Array<VectorValue>(LENGTH).fill(0));
    const rows = { rows: LENGTH, partitionStarts, peerStarts, ...framesOf(null) };
    expect(() => windowDefinitions.get('ntile')?.compute([zero], rows, INT32)).toThrow(LumaError);
    expect(() => windowDefinitions.get('nth_value')?.compute([VALUES, zero], rows, INT32)).toThrow(LumaError);
  });
});

describe(`generate_series as ${golden.engine}`, () => {
  test.each(seriesQueries)('%s', (query) => {
    expect(rowsOf(query)).toEqual(golden.series[query]);
  });

  test('a long series comes in batches', () => {
    const definition = tableDefinitions.get('generate_series');
    const batches = [...(definition?.rows([vectorOf(INT32, [1]), vectorOf(INT32, [100_000])]) ?? [])];
    expect(batches.map((batch) => batch.length)).toEqual([65536, 100_000 - 65536]);
  });
});

/** The rows of the call as text, or `error` and its SQLSTATE. */
function rowsOf(query: string): readonly string[] | string {
  const [, list = ''] = /^generate_series\((.*)\)$/.exec(query) ?? [];
  const arguments_ = list.split(', ').map(bound);
  try {
    const infos = arguments_.map(({ type }) => ({ type, untyped: false }));
    const info = functionCatalog.table('generate_series', infos, NO_SPAN);
    const vectors = info.argumentTypes.map((type, i) => vectorOf(type, [valueIn(arguments_[i], type)]));
    const batches = [...(tableDefinitions.get('generate_series')?.rows(vectors) ?? [])];
    const type = info.columns[0]?.type ?? INT32;
    return batches.flatMap(({ columns: [column] }) =>
      column === undefined ? [] : readValues(column).map((value) => (value === null ? 'null' : formatValue(value, type))),
    );
  } catch (thrown) {
    if (thrown instanceof LumaError) return `error ${thrown.code}`;
    throw thrown;
  }
}

function valueIn(argument: BoundExpression | undefined, type: DataType): VectorValue {
  return argument === undefined ? null : evaluateConstant(castOf(argument, type));
}
