import type { Copy } from '../../../grammars/ast/statement.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';

/** COPY's options, checked; defaults are PostgreSQL's for FORMAT csv. */
export interface CopyOptions {
  readonly format: 'csv' | 'parquet';
  readonly header: boolean;
  readonly delimiter: string;
  /** The text that stands for NULL when it is not quoted. */
  readonly null: string;
  readonly quote: string;
  readonly escape: string;
}

const NAMES = ['format', 'header', 'delimiter', 'null', 'quote', 'escape', 'encoding'] as const;

/**
 * Throws 42601 for an unknown or repeated option, 22023 for a value it cannot have. Without FORMAT, a file's name decides
 * (`.parquet`), else it is csv: the text format of PostgreSQL has to be asked for and is refused.
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
  const quote = single('quote', '"');
  return {
    format: formatOf(text('format', statement.file?.endsWith('.parquet') === true ? 'parquet' : 'csv'), statement),
    header: flag(given.get('header'), statement),
    delimiter: single('delimiter', ','),
    null: text('null', ''),
    quote,
    escape: single('escape', quote),
  };
}

function formatOf(name: string, statement: Copy): 'csv' | 'parquet' {
  const format = name.toLowerCase();
  if (format === 'csv' || format === 'parquet') return format;
  throw notSupported(`COPY format "${name}"`, { span: statement.span, hint: 'Use FORMAT csv or FORMAT parquet.' });
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
