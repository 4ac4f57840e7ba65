import type { RowsOutcome } from '../../engine/results/outcome.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';

/** Where formatted rows go; resolves when the receiver can take more. */
export type Write = (chunk: string | Uint8Array) => Promise<void>;

/** Writes the rows of one outcome, batch by batch; gives their number. */
export type RowFormat = (rows: RowsOutcome, write: Write) => Promise<number>;

/** Loaded when asked for, so that a start does not pay for formats it does not use. */
const FORMATS: Readonly<Record<string, () => Promise<RowFormat>>> = {
  table: async () => (await import('./table.ts')).writeTable,
  csv: async () => (await import('./csv.ts')).writeCsvRows,
  json: async () => (await import('./json.ts')).writeJson,
  jsonl: async () => (await import('./json.ts')).writeJsonLines,
  markdown: async () => (await import('./markdown.ts')).writeMarkdown,
  arrow: async () => (await import('./arrow.ts')).writeArrow,
  parquet: async () => (await import('./parquet.ts')).writeParquetRows,
};

export const FORMAT_NAMES: readonly string[] = Object.keys(FORMATS);

/** What no terminal can show. */
const BINARY: readonly string[] = ['arrow', 'parquet'];

/** Throws 22023 with the nearest name, and for a binary format on a terminal. */
export async function formatNamed(name: string): Promise<RowFormat> {
  const load = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (load !== undefined && process.stdout.isTTY && BINARY.includes(name)) {
    throw new LumaError(SQLSTATE.invalidParameterValue, `${name} is binary, which a terminal cannot show`, {
      hint: `Send it to a file: lumadb -c "…" --format ${name} > file.`,
    });
  }
  if (load !== undefined) return load();
  throw new LumaError(SQLSTATE.invalidParameterValue, `there is no output format "${name}"`, {
    hint: didYouMean(name, FORMAT_NAMES) ?? `The formats are ${FORMAT_NAMES.join(', ')}.`,
  });
}
