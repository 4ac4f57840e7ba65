import type { TableDefinition } from '../../../storage/api.ts';
import type { DataType } from '../../types/data-type.ts';
import { sameType } from '../../types/data-type.ts';
import { asLumaError, LumaError } from '../../types/error.ts';
import { formatReader } from '../../types/format.ts';
import { parseValue } from '../../types/parse.ts';
import { type Batch, isValid, type Vector } from '../../types/vector.ts';
import { nullVector, VectorBuilder } from '../../types/vector-build.ts';

/** The batch's columns, which are the table's at `positions`, in table order and of the table's types; the others are NULL. */
export function arrangeColumns(batch: Batch, positions: readonly number[], table: TableDefinition): Batch {
  const columns = table.columns.map(({ name, type }, position) => {
    const vector = batch.columns[positions.indexOf(position)];
    return vector === undefined ? nullVector(type, batch.length) : converted(vector, type, name);
  });
  return { length: batch.length, columns };
}

/** A column of another type goes through its text, as COPY reads it: what does not fit is an error that names the column. */
function converted(vector: Vector, type: DataType, name: string): Vector {
  if (sameType(vector.type, type)) return vector;
  const text = formatReader(vector);
  const builder = new VectorBuilder(type);
  for (let row = 0; row < vector.length; row++) {
    if (!isValid(vector, row)) builder.appendNull();
    else {
      try {
        builder.append(parseValue(text(row), type));
      } catch (thrown) {
        const error = asLumaError(thrown);
        throw new LumaError(error.code, `column "${name}": ${error.message}`, { hint: error.hint, cause: thrown });
      }
    }
  }
  return builder.finish();
}
