import { LumaError, SQLSTATE } from '../../types/error.ts';

/** COPY's options for FORMAT text, with PostgreSQL's defaults. */
export interface TextOptions {
  /** Whether the first line holds names; it is not checked against the columns. Default false. */
  readonly header?: boolean;
  /** One ASCII character. Default a tab. */
  readonly delimiter?: string;
  /** What means NULL. Default `\N`. */
  readonly null?: string;
}

/** The options as bytes. */
export interface TextFormat {
  readonly header: boolean;
  readonly delimiter: number;
  readonly nullText: string;
  readonly nullBytes: Buffer;
}

/** Throws 22023 for a delimiter that PostgreSQL refuses too (ProcessCopyOptions), because a backslash before it means something. */
export function textFormat(options: TextOptions = {}): TextFormat {
  const delimiter = options.delimiter ?? '\t';
  const nullText = options.null ?? '\\N';
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127) throw invalid('delimiter must be a single one-byte character');
  if (/[\\.abcdefghijklmnopqrstuvwxyz0123456789\r\n]/.test(delimiter)) throw invalid(`delimiter cannot be "${delimiter}"`);
  if (/[\r\n]/.test(nullText)) throw invalid('null representation cannot use newline or carriage return');
  if (nullText.includes(delimiter)) throw invalid('delimiter must not appear in the NULL specification');
  return { header: options.header ?? false, delimiter: delimiter.charCodeAt(0), nullText, nullBytes: Buffer.from(nullText) };
}

function invalid(message: string): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, `COPY ${message}`);
}
