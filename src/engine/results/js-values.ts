import { UNIT_DIGITS } from '../../types/data-type.ts';
import { formatReader } from '../../types/format.ts';
import { isValid, type Vector } from '../../types/vector.ts';

/** How a value comes to a JavaScript program. */
export type JsValue = null | boolean | number | bigint | string | Date;

const MS_PER_DAY = 86_400_000;
const MS_DIGITS = 3;

/**
 * Reads one column: boolean, int32 and float64 as they are; int64 bigint; date and timestamp Date (UTC; what is finer than
 * a millisecond is in `table` only); text string; decimal and interval their text, so that no digit is lost.
 */
export function jsReader(vector: Vector): (row: number) => JsValue {
  const read = valueReader(vector);
  return (row) => (isValid(vector, row) ? read(row) : null);
}

function valueReader(vector: Vector): (row: number) => JsValue {
  const { type, values } = vector;
  switch (type.kind) {
    case 'null':
      return () => null;
    case 'boolean':
      return (row) => ((Number(values[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
    case 'int32':
    case 'int64':
    case 'float64':
      return (row) => values[row] ?? null;
    case 'date':
      return (row) => new Date(Number(values[row] ?? 0) * MS_PER_DAY);
    case 'timestamp': {
      const digits = UNIT_DIGITS[type.unit];
      if (digits <= MS_DIGITS) return (row) => new Date(Number(values[row] ?? 0) * 10 ** (MS_DIGITS - digits));
      const divisor = 10 ** (digits - MS_DIGITS);
      return (row) => new Date(Math.floor(Number(values[row] ?? 0) / divisor));
    }
    case 'text':
    case 'decimal':
    case 'interval':
      return formatReader(vector);
  }
}
