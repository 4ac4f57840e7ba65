import { LumaError, SQLSTATE } from '../../types/error.ts';

/** COPY's options for FORMAT csv, with PostgreSQL's defaults. */
export interface CsvOptions {
  /** Whether the first line holds names; it is not checked against the columns. Default false. */
  readonly header?: boolean;
  /** One ASCII character. Default `,`. */
  readonly delimiter?: string;
  /** The unquoted text that means NULL. Default empty. */
  readonly null?: string;
  /** One ASCII character. Default `"`. */
  readonly quote?: string;
  /** What stands before a quote (or itself) inside quotes. Default the quote. */
  readonly escape?: string;
}

/** The options as bytes. */
export interface CsvFormat {
  readonly header: boolean;
  readonly delimiter: number;
  readonly quote: number;
  readonly escapeByte: number;
  readonly nullText: string;
  readonly nullBytes: Uint8Array;
}

/** Throws 22023 for a character that is none, or that means two things. */
export function csvFormat(options: CsvOptions = {}): CsvFormat {
  const quoteText = options.quote ?? '"';
  const delimiter = byteOf(options.delimiter ?? ',', 'delimiter');
  const quote = byteOf(quoteText, 'quote');
  const escapeByte = byteOf(options.escape ?? quoteText, 'escape');
  const nullText = options.null ?? '';
  if (delimiter === quote) throw invalid('delimiter and quote must be different');
  if (/[\r\n]/.test(nullText)) throw invalid('the text for NULL cannot contain a line end');
  const nullBytes = new TextEncoder().encode(nullText);
  if (nullBytes.includes(delimiter)) throw invalid('the text for NULL cannot contain the delimiter');
  if (nullBytes.includes(quote)) throw invalid('the text for NULL cannot contain the quote');
  return { header: options.header ?? false, delimiter, quote, escapeByte, nullText, nullBytes };
}

function byteOf(text: string, what: string): number {
  const code = text.charCodeAt(0);
  if (text.length !== 1 || code > 127 || code === 10 || code === 13)
    throw invalid(`the ${what} must be a single one-byte character`);
  return code;
}

function invalid(message: string): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, `COPY: ${message}`);
}
