import { BOOLEAN, DATE, type DataType, decimal, FLOAT64, INT64, TEXT, TIMESTAMP, TIMESTAMPTZ } from '../types/data-type.ts';
import { parseValue } from '../types/parse.ts';
import { type CsvOptions, csvFormat } from './csv/options.ts';
import { CsvScanner } from './csv/scanner.ts';
import { pieces } from './pieces.ts';
import type { FileColumn } from './row-reader.ts';
import { FIELD } from './row-scanner.ts';

export interface CsvSchema {
  readonly columns: readonly FileColumn[];
  /** What `readCsv` needs to read the file. */
  readonly options: CsvOptions;
}

export interface InferOptions extends CsvOptions {
  /** How much of the file is looked at; default 16 MiB. What comes later may still not fit, and `readCsv` then says where. */
  readonly sampleBytes?: number;
}

const SAMPLE_BYTES = 16 << 20;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** From the most special to text; the first that reads every value wins. Numbers with leading zeros are codes: text. */
const CANDIDATES: readonly { readonly type: DataType; readonly form: RegExp }[] = [
  { type: BOOLEAN, form: /^(true|false|t|f)$/i },
  { type: INT64, form: /^[+-]?(0|[1-9]\d{0,18})$/ },
  { type: decimal(38, 0), form: /^[+-]?(0|[1-9]\d{0,37})$/ },
  { type: FLOAT64, form: /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^([+-]?inf(inity)?|nan)$/i },
  { type: DATE, form: /^\d{4}-\d{1,2}-\d{1,2}$/ },
  { type: TIMESTAMP, form: /^\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d*)?)?)?$/ },
  { type: TIMESTAMPTZ, form: /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d*)?)?\s*(Z|UTC|[+-]\d{1,2}(:?\d{2})?)?$/i },
];

/**
 * Guesses names and types of a CSV file's columns from its beginning. Options that are given are taken; the delimiter is
 * otherwise the one of `, ; tab |` that cuts the most lines into the same number of fields, and a first line is a
 * header when its fields are distinct, not empty and one of them is text over a column that is not; when every column is
 * text, names have to look like names.
 * Throws as `readCsv` does for bytes that are no CSV.
 */
export async function inferCsvSchema(path: string, options: InferOptions = {}): Promise<CsvSchema> {
  const sample = await readSample(path, options.sampleBytes ?? SAMPLE_BYTES);
  const delimiter = options.delimiter ?? mostRegular(sample, options);
  const rows = scan(sample, { ...options, delimiter });
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const [first = [], ...rest] = rows;
  const typesOfRest = columnTypes(rest, width);
  const header = options.header ?? isHeader(first, typesOfRest, width);
  const types = header ? typesOfRest : columnTypes(rows, width);
  const columns = types.map((type, i) => ({ name: header ? (first[i]?.text ?? `column${i + 1}`) : `column${i + 1}`, type }));
  const { sampleBytes: _, ...given } = options;
  return { columns, options: { ...given, delimiter, header } };
}

interface FieldText {
  readonly text: string;
  readonly isNull: boolean;
}

async function readSample(path: string, limit: number): Promise<{ bytes: Uint8Array; complete: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces(path)) {
    parts.push(piece);
    length += piece.length;
    if (length >= limit) return { bytes: Buffer.concat(parts), complete: false };
  }
  return { bytes: Buffer.concat(parts), complete: true };
}

/** The whole rows of a sample. */
function scan(sample: { bytes: Uint8Array; complete: boolean }, options: CsvOptions): FieldText[][] {
  const format = csvFormat(options);
  const scanner = new CsvScanner(format);
  scanner.push(sample.bytes);
  if (sample.complete) scanner.finish();
  const rows: FieldText[][] = [];
  while (scanner.next()) {
    rows.push(
      Array.from({ length: scanner.fields }, (_, field) => {
        const text = scanner.content(field);
        return { text, isNull: scanner.form(field) === FIELD.plain && text === format.nullText };
      }),
    );
  }
  return rows;
}

function mostRegular(sample: { bytes: Uint8Array; complete: boolean }, options: CsvOptions): string {
  const start = { bytes: sample.bytes.subarray(0, 1 << 18), complete: sample.complete && sample.bytes.length <= 1 << 18 };
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = new Map<number, number>();
    const rows = scan(start, { ...options, delimiter });
    for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
    for (const [fields, times] of counts) {
      const score = fields === 1 ? 0 : times + fields / 1000;
      if (score > best.score) best = { delimiter, score };
    }
  }
  return best.delimiter;
}

function columnTypes(rows: readonly (readonly FieldText[])[], width: number): DataType[] {
  return Array.from({ length: width }, (_, column) => {
    const present = rows.flatMap((row) => {
      const field = row[column];
      return field === undefined || field.isNull ? [] : [field.text];
    });
    if (present.length === 0) return TEXT;
    return CANDIDATES.find(({ type, form }) => present.every((text) => form.test(text) && reads(text, type)))?.type ?? TEXT;
  });
}

function isHeader(first: readonly FieldText[], types: readonly DataType[], width: number): boolean {
  const names = new Set(first.map(({ text }) => text));
  if (width === 0 || first.length !== width || names.size !== width) return false;
  if (first.some(({ text, isNull }) => isNull || text === '')) return false;
  const alone = columnTypes([first], width);
  const isText = (type: DataType | undefined): boolean => type?.kind === 'text';
  if (types.every(isText)) return first.every(({ text }) => /^[\p{L}_][\p{L}\p{N}_ .:()/-]*$/u.test(text));
  return types.some((type, i) => !isText(type) && isText(alone[i]));
}

function reads(text: string, type: DataType): boolean {
  try {
    parseValue(text, type);
    return true;
  } catch {
    return false;
  }
}
