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

/** Throws 22023 with the nearest name. */
export async function formatNamed(name: string): Promise<RowFormat> {
  const load = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (load !== undefined) return load();
  throw new LumaError(SQLSTATE.invalidParameterValue, `there is no output format "${name}"`, {
    hint: didYouMean(name, FORMAT_NAMES) ?? `The formats are ${FORMAT_NAMES.join(', ')}.`,
  });
}
