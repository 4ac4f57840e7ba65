import type { CsvFormat } from './options.ts';

/** Quotes a value where it must be. */
export function quoter(format: CsvFormat): (value: string) => string {
  const quote = String.fromCharCode(format.quote);
  const escapeText = String.fromCharCode(format.escapeByte);
  const special = new RegExp(
    `[\\r\\n${[format.delimiter, format.quote].map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')}]`,
  );
  const escaped = new RegExp(
    `[${[format.quote, format.escapeByte].map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')}]`,
    'g',
  );
  return (value) => {
    if (value !== format.nullText && !special.test(value)) return value;
    return quote + value.replace(escaped, (character) => escapeText + character) + quote;
  };
}
