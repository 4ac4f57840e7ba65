import type { CsvFormat } from './options.ts';

/** Quotes a value where it must be; one that is `alone` on its line also where it would end the data. */
export function quoter(format: CsvFormat, alone: boolean): (value: string) => string {
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
    const ends = alone && value === '\\.';
    if (value !== format.nullText && !ends && !special.test(value)) return value;
    return quote + value.replace(escaped, (character) => escapeText + character) + quote;
  };
}
