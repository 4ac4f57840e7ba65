import type { DataType } from '../../types/data-type.ts';
import { formatReader } from '../../types/format.ts';
import { type Batch, isValid, type Schema, type Vector } from '../../types/vector.ts';
import type { RowFormat, Write } from './format.ts';

/** One array of objects. */
export const writeJson: RowFormat = async (rows, write) => {
  let written = 0;
  await write('[');
  for await (const batch of rows.batches) {
    const objects = objectsOf(rows.schema, batch);
    if (objects.length > 0) await write(`${written === 0 ? '\n' : ',\n'}${objects.join(',\n')}`);
    written += batch.length;
  }
  await write(written === 0 ? ']\n' : '\n]\n');
  return written;
};

/** One object per line. */
export const writeJsonLines: RowFormat = async (rows, write: Write) => {
  let written = 0;
  for await (const batch of rows.batches) {
    const objects = objectsOf(rows.schema, batch);
    if (objects.length > 0) await write(`${objects.join('\n')}\n`);
    written += batch.length;
  }
  return written;
};

function objectsOf(schema: Schema, batch: Batch): string[] {
  const names = schema.map((field) => JSON.stringify(field.name));
  const readers = batch.columns.map(jsonReader);
  const objects: string[] = [];
  for (let row = 0; row < batch.length; row++) {
    objects.push(`{${names.map((name, position) => `${name}:${readers[position]?.(row) ?? 'null'}`).join(',')}}`);
  }
  return objects;
}

/** Numbers keep all their digits; what JSON has no number for (NaN, infinities) and all other types are strings. */
function jsonReader(vector: Vector): (row: number) => string {
  const read = formatReader(vector);
  const encode = encoderOf(vector.type);
  return (row) => (isValid(vector, row) ? encode(read(row)) : 'null');
}

function encoderOf(type: DataType): (text: string) => string {
  switch (type.kind) {
    case 'boolean':
      return (text) => (text === 't' || text === 'true' ? 'true' : 'false');
    case 'int32':
    case 'int64':
    case 'decimal':
      return (text) => text;
    case 'float64':
      return (text) => (Number.isFinite(Number(text)) ? text : JSON.stringify(text));
    default:
      return (text) => JSON.stringify(text);
  }
}
