import type { BoundExpression, ConstantValue } from '../../../../planner/expression.ts';
import type { DictionaryHandle } from '../../../functions/definition.ts';
import type { QueryRun } from '../../query-run.ts';
import type { SourceColumn } from './columns.ts';
import type { LanePredicate } from './lane-predicate.ts';

/** Larger dictionaries are not searched: a table by code does it in parallel. */
const MOST_VALUES = 4096;
/** No value has it. */
const NO_CODE = -1n;

/** A comparison of a dictionary-coded column with a text, as one of codes, which are int32; undefined for anything else. */
export function codePredicate(
  run: QueryRun,
  columns: readonly SourceColumn[],
  predicate: BoundExpression,
  constantOf: (expression: BoundExpression) => ConstantValue | undefined,
): LanePredicate | undefined {
  if (predicate.kind !== 'call') return undefined;
  const { name } = predicate.function;
  if (name !== 'equal' && name !== 'not_equal') return undefined;
  const [left, right] = predicate.arguments;
  if (left === undefined || right === undefined) return undefined;
  const [side, other] = left.kind === 'column' ? [left, right] : [right, left];
  const text = constantOf(other);
  if (side.kind !== 'column' || typeof text !== 'string') return undefined;
  const dictionary = columns.find(({ column }) => column.id === side.id)?.dictionary;
  if (dictionary == null || dictionary.size > MOST_VALUES) return undefined;
  return { column: side.id, lane: 'i32x4', comparison: name, constant: codeOf(run, dictionary, text) };
}

function codeOf(run: QueryRun, dictionary: DictionaryHandle, text: string): bigint {
  const { size, offsets, values } = run.dictionaryView(dictionary);
  const ends = run.memory.i32(offsets, size + 1);
  const bytes = run.memory.bytes(values, ends[size] ?? 0);
  const wanted = new TextEncoder().encode(text);
  for (let code = 0; code < size; code++) {
    const start = ends[code] ?? 0;
    if ((ends[code + 1] ?? 0) - start === wanted.length && wanted.every((byte, i) => bytes[start + i] === byte)) {
      return BigInt(code);
    }
  }
  return NO_CODE;
}
