import { typeName } from '../../../types/data-type.ts';
import type { LumaError } from '../../../types/error.ts';
import { formatReader } from '../../../types/format.ts';
import { type Batch, isValid, type Schema, type Vector } from '../../../types/vector.ts';
import { binaryWriter, hasBinaryFormat } from '../values/binary-write.ts';
import { wireType } from '../values/types.ts';
import type { MessageWriter } from './message-writer.ts';

/** The server's messages (PostgreSQL protocol 55.7), each written whole. */

export const FORMAT = { text: 0, binary: 1 } as const;

/** A large batch is written in steps of this many rows, so that it does not pile up in memory. */
export const ROWS_AT_ONCE = 1024;

/** The format of each column, from the codes of Bind: none is text, one is for all, else one per column. */
export function columnFormats(codes: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, position) => codes[codes.length === 1 ? 0 : position] ?? FORMAT.text);
}

/** The type of a column that has no binary format here although the client asked for it, by its SQL name. */
export function unsupportedBinary(schema: Schema, formats: readonly number[]): string | undefined {
  const found = schema.find((field, position) => formats[position] === FORMAT.binary && !hasBinaryFormat(field.type));
  return found === undefined ? undefined : typeName(found.type);
}

export function rowDescription(out: MessageWriter, schema: Schema, formats: readonly number[]): void {
  out.begin('T').int16(schema.length);
  for (const [position, field] of schema.entries()) {
    const { oid, size, modifier } = wireType(field.type);
    // No table, no column number: results do not remember where they came from.
    out
      .text(field.name)
      .int32(0)
      .int16(0)
      .int32(oid)
      .int16(size)
      .int32(modifier)
      .int16(formats[position] ?? FORMAT.text);
  }
  out.end();
}

/** Object ids of the parameters' types. */
export function parameterDescription(out: MessageWriter, types: readonly number[]): void {
  out.begin('t').count(types.length);
  for (const type of types) out.int32(type);
  out.end();
}

/** The rows [from, to) of a batch. */
export function dataRows(out: MessageWriter, batch: Batch, formats: readonly number[], from: number, to: number): void {
  const writers = batch.columns.map((vector, position) => {
    const write = formats[position] === FORMAT.binary ? binaryField(out, vector) : textField(out, vector);
    return (row: number): void => {
      if (isValid(vector, row)) write(row);
      else out.int32(-1);
    };
  });
  for (let row = from; row < to; row++) {
    out.begin('D').int16(writers.length);
    for (const write of writers) write(row);
    out.end();
  }
}

function textField(out: MessageWriter, vector: Vector): (row: number) => void {
  const read = formatReader(vector);
  return (row) => void out.field(read(row));
}

function binaryField(out: MessageWriter, vector: Vector): (row: number) => void {
  const read = binaryWriter(vector);
  return (row) => {
    const bytes = read(row);
    out.int32(bytes.length).raw(bytes);
  };
}

export function commandComplete(out: MessageWriter, tag: string): void {
  out.begin('C').text(tag).end();
}

export function readyForQuery(out: MessageWriter, status: 'idle' | 'active' | 'failed'): void {
  out
    .begin('Z')
    .int8((status === 'idle' ? 'I' : status === 'active' ? 'T' : 'E').charCodeAt(0))
    .end();
}

export function parameterStatus(out: MessageWriter, name: string, value: string): void {
  out.begin('S').text(name).text(value).end();
}

/** `text` is what the error's span points into: the position counts its characters from 1. */
export function errorResponse(out: MessageWriter, error: LumaError, severity: 'ERROR' | 'FATAL', text?: string): void {
  const fields: [code: string, value: string][] = [
    ['S', severity],
    ['V', severity],
    ['C', error.code],
    ['M', error.message],
  ];
  if (error.expected.length > 0) fields.push(['D', `Expected: ${error.expected.join(', ')}.`]);
  if (error.hint !== undefined) fields.push(['H', error.hint]);
  if (error.span !== undefined && text !== undefined) {
    fields.push(['P', String([...text.slice(0, error.span.start)].length + 1)]);
  }
  report(out, 'E', fields);
}

/** A warning: nothing failed. */
export function notice(out: MessageWriter, message: string): void {
  report(out, 'N', [
    ['S', 'WARNING'],
    ['V', 'WARNING'],
    ['C', '01000'],
    ['M', message],
  ]);
}

/** Error and notice are the same message: fields with a letter each (protocol, 55.8). */
function report(out: MessageWriter, type: 'E' | 'N', fields: readonly (readonly [code: string, value: string])[]): void {
  out.begin(type);
  for (const [code, value] of fields) out.int8(code.charCodeAt(0)).text(value);
  out.int8(0).end();
}

/** The start of a COPY: text, in every column. */
export function copyResponse(out: MessageWriter, type: 'G' | 'H', columns: number): void {
  out.begin(type).int8(FORMAT.text).int16(columns);
  for (let column = 0; column < columns; column++) out.int16(FORMAT.text);
  out.end();
}
