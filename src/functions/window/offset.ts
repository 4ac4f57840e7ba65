import type { ArgumentInfo } from '../../../planner/catalog.ts';
import { type DataType, INT32, TEXT } from '../../types/data-type.ts';
import { LumaError } from '../../types/error.ts';
import { isValid, type Vector } from '../../types/vector.ts';
import type { WindowDefinition, WindowRows } from '../definition.ts';
import { coercible, commonType, isUntyped } from '../resolve/coerce.ts';
import { gather, NO_ROW } from './gather.ts';

/** Window functions that take a value from another row (PostgreSQL, 9.22). */

function valueType(argument: ArgumentInfo | undefined): DataType | undefined {
  if (argument === undefined) return undefined;
  return isUntyped(argument) ? TEXT : argument.type;
}

function isInteger(argument: ArgumentInfo): boolean {
  return isUntyped(argument) || coercible(argument.type.kind, 'int32');
}

/** lag and lead: (value[, offset[, default]]); the value and the default get one type. */
function shifted(name: 'lag' | 'lead', direction: -1 | 1, summary: string): WindowDefinition {
  return {
    name,
    summary,
    resolve: (arguments_) => {
      const [value, offset, otherwise] = arguments_;
      if (value === undefined || arguments_.length > 3 || (offset !== undefined && !isInteger(offset))) return undefined;
      const type = commonType(otherwise === undefined ? [value] : [value, otherwise]);
      if (type === undefined) return undefined;
      const argumentTypes = [type, ...(offset === undefined ? [] : [INT32]), ...(otherwise === undefined ? [] : [type])];
      return { argumentTypes, returns: type };
    },
    compute: ([value, offset, otherwise], rows, returns) => {
      if (value === undefined) throw new RangeError(`${name} has an argument`);
      const source = shiftedRows(rows, offset, direction, otherwise === undefined ? null : value.length);
      return gather(otherwise === undefined ? [value] : [value, otherwise], source, returns);
    },
  };
}

/** Beyond the partition: the default's own row, numbered from `defaults`, or no row. A NULL offset gives NULL. */
function shiftedRows(
  { rows, partitionStarts }: WindowRows,
  offset: Vector | undefined,
  direction: -1 | 1,
  defaults: number | null,
): Int32Array {
  const source = new Int32Array(rows);
  for (let i = 0; i + 1 < partitionStarts.length; i++) {
    const [start, end] = [partitionStarts[i] ?? 0, partitionStarts[i + 1] ?? 0];
    for (let row = start; row < end; row++) {
      if (offset !== undefined && !isValid(offset, row)) {
        source[row] = NO_ROW;
        continue;
      }
      const distance = offset === undefined ? 1 : Number(offset.values[row] ?? 0);
      const wanted = row + direction * distance;
      source[row] = wanted >= start && wanted < end ? wanted : defaults === null ? NO_ROW : defaults + row;
    }
  }
  return source;
}

/** A value of a row in the frame; `rowOf` gives it, or NO_ROW. */
function ofFrame(
  name: string,
  summary: string,
  withCount: boolean,
  rowOf: (start: number, end: number, count: number) => number,
): WindowDefinition {
  return {
    name,
    summary,
    resolve: (arguments_) => {
      const type = valueType(arguments_[0]);
      const count = arguments_[1];
      if (type === undefined || arguments_.length !== (withCount ? 2 : 1)) return undefined;
      if (count !== undefined && !isInteger(count)) return undefined;
      return { argumentTypes: withCount ? [type, INT32] : [type], returns: type };
    },
    compute: ([value, count], { rows, frameStart, frameEnd }, returns) => {
      if (value === undefined) throw new RangeError(`${name} has an argument`);
      const source = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const [start, end] = [frameStart[row] ?? 0, frameEnd[row] ?? 0];
        if (count !== undefined && !isValid(count, row)) source[row] = NO_ROW;
        else source[row] = start < end ? rowOf(start, end, Number(count?.values[row] ?? 0)) : NO_ROW;
      }
      return gather([value], source, returns);
    },
  };
}

function nth(start: number, end: number, count: number): number {
  if (count <= 0) throw new LumaError('22016', 'argument of nth_value must be greater than zero');
  return start + count - 1 < end ? start + count - 1 : NO_ROW;
}

export const offsetFunctions: readonly WindowDefinition[] = [
  shifted('lag', -1, 'the value so many rows before'),
  shifted('lead', 1, 'the value so many rows after'),
  ofFrame('first_value', 'the value of the first row of the frame', false, (start) => start),
  ofFrame('last_value', 'the value of the last row of the frame', false, (_, end) => end - 1),
  ofFrame('nth_value', 'the value of the n-th row of the frame, from 1', true, nth),
];
