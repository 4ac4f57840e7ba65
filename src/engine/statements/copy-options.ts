import type { Copy } from '../../../grammars/ast/statement.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';

/** COPY's options, checked; defaults are PostgreSQL's for the format. */
export type CopyOptions =
  | { readonly format: 'parquet' }
  | { readonly format: 'text'; readonly header: boolean; readonly delimiter: string; readonly null: string }
  | {
      readonly format: 'csv';
      readonly header: boolean;
      readonly delimiter: string;
      /** The text that stands for NULL when it is not quoted. */
      readonly null: string;
      readonly quote: string;
      readonly escape: string;
    };

const NAMES = ['format', 'header', 'delimiter', 'null', 'quote', 'escape', 'encoding'] as const;

/**
 * Throws 42601 for an unknown or repeated option, 22023 for a value it cannot have. Without FORMAT, a file's name decides
 * (`.parquet`), else a file is csv, and what goes to or comes from the client is text, as PostgreSQL's clients expect.
 */
export function copyOptions(statement: Copy): CopyOptions {
  const given = new Map<string, string | boolean>();
  for (const { name, value, span } of statement.options) {
    if (!NAMES.some((known) => known === name)) {
      throw new LumaError(SQLSTATE.syntaxError, `COPY has no option "${name}"`, {
        span,
        hint: didYouMean(name, NAMES) ?? `The options are ${NAMES.join(', ')}.`,
      });
    }
    if (given.has(name)) throw new LumaError(SQLSTATE.syntaxError, `the option "${name}" is given twice`, { span });
    given.set(name, value);
  }
  const text = (name: string, otherwise: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value : otherwise;
  };
  const single = (name: string, otherwise: string): string => {
    const value = text(name, otherwise);
    if (value.length !== 1 || /[\r\n]/.test(value)) {
      throw new LumaError(SQLSTATE.invalidParameterValue, `COPY ${name} must be one character`, { span: statement.span });
    }
    return value;
  };
  const encoding = text('encoding', 'UTF8');
  if (!/^utf-?8$/i.test(encoding))
    throw notSupported(`the encoding ${encoding}`, { span: statement.span, hint: 'Files are UTF-8.' });
  const format = formatOf(given.get('format'), statement);
  if (format === 'parquet') return { format };
  const header = flag(given.get('header'), statement);
  if (format === 'text') {
    const unfit = ['quote', 'escape'].find((name) => given.has(name));
    if (unfit !== undefined)
      throw notSupported(`COPY ${unfit} in the text format`, { span: statement.span, hint: 'Use FORMAT csv.' });
    return { format, header, delimiter: single('delimiter', '\t'), null: text('null', '\\N') };
  }
  const quote = single('quote', '"');
  return {
    format,
    header,
    delimiter: single('delimiter', ','),
    null: text('null', ''),
    quote,
    escape: single('escape', quote),
  };
}

function formatOf(given: string | boolean | undefined, { file, span }: Copy): CopyOptions['format'] {
  if (given === undefined) return file === null ? 'text' : file.endsWith('.parquet') ? 'parquet' : 'csv';
  const format = String(given).toLowerCase();
  if (format === 'csv' || format === 'parquet' || format === 'text') return format;
  throw notSupported(`COPY format "${String(given)}"`, { span, hint: 'Use FORMAT csv, FORMAT text or FORMAT parquet.' });
}

function flag(value: string | boolean | undefined, statement: Copy): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  switch (value.toLowerCase()) {
    case 'true':
    case 'on':
    case '1':
      return true;
    case 'false':
    case 'off':
    case '0':
      return false;
    default:
      throw new LumaError(SQLSTATE.invalidParameterValue, `COPY header must be true or false, not "${value}"`, {
        span: statement.span,
      });
  }
}
