import type { DataType } from '../../types/data-type.ts';
import type { LumaError } from '../../types/error.ts';
import { formatReader } from '../../types/format.ts';
import { type Batch, isValid, type Schema } from '../../types/vector.ts';
import { binaryReader, hasBinaryFormat } from './binary.ts';
import type { MessageWriter } from './message-writer.ts';
import { wireType } from './types.ts';

/** The server's messages (PostgreSQL protocol 55.7), each written whole. */

export const FORMAT = { text: 0, binary: 1 } as const;

/** The format of each column, from the codes of Bind: none is text, one is for all, else one per column. */
export function columnFormats(codes: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, position) => codes[codes.length === 1 ? 0 : position] ?? FORMAT.text);
}

/** Columns whose type has no binary format here keep it out of the answer to a client that asked for it. */
export function unsupportedBinary(schema: Schema, formats: readonly number[]): DataType | undefined {
  return schema.find((field, position) => formats[position] === FORMAT.binary && !hasBinaryFormat(field.type))?.type;
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

export function parameterDescription(out: MessageWriter, types: readonly (DataType | null)[]): void {
  out.begin('t').int16(types.length);
  for (const type of types) out.int32(wireType(type ?? { kind: 'text' }).oid);
  out.end();
}

/** The rows [from, to) of a batch. */
export function dataRows(out: MessageWriter, batch: Batch, formats: readonly number[], from: number, to: number): void {
  const readers = batch.columns.map((vector, position) => {
    const text = formatReader(vector);
    const binary = formats[position] === FORMAT.binary ? binaryReader(vector, text) : undefined;
    return { vector, text, binary };
  });
  for (let row = from; row < to; row++) {
    out.begin('D').int16(readers.length);
    for (const { vector, text, binary } of readers) {
      if (!isValid(vector, row)) out.int32(-1);
      else if (binary === undefined) out.field(text(row));
      else {
        const bytes = binary(row);
        out.int32(bytes.length).raw(bytes);
      }
    }
    out.end();
  }
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
  out.begin('E');
  const field = (code: string, value: string): void => {
    out.int8(code.charCodeAt(0)).text(value);
  };
  field('S', severity);
  field('V', severity);
  field('C', error.code);
  field('M', error.message);
  if (error.expected.length > 0) field('D', `Expected: ${error.expected.join(', ')}.`);
  if (error.hint !== undefined) field('H', error.hint);
  if (error.span !== undefined && text !== undefined) field('P', String([...text.slice(0, error.span.start)].length + 1));
  out.int8(0).end();
}

export function copyResponse(out: MessageWriter, type: 'G' | 'H', columns: number): void {
  out.begin(type).int8(FORMAT.text).int16(columns);
  for (let column = 0; column < columns; column++) out.int16(FORMAT.text);
  out.end();
}
