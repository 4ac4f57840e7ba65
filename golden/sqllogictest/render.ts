/** How values of a type letter are written in a sqllogictest file: what `run.ts` compares and `record.ts` writes. */

/** Integers without a fraction, reals with three digits, `(empty)` for no characters, `@` for control characters. */
export function rendered(text: string, type: string): string {
  if (type === 'I') return /^-?\d+$/.test(text) ? text : String(Math.trunc(Number(text === 't' ? 1 : text === 'f' ? 0 : text)));
  if (type === 'R') return Number(text).toFixed(3);
  return text === '' ? '(empty)' : text.replaceAll(/\p{Cc}/gu, '@');
}

/** The values of all rows, in the order that the record asks for. */
export function sortedValues(rows: readonly (readonly string[])[], sort: string): readonly string[] {
  if (sort === 'rowsort') return rows.toSorted((a, b) => byBytes(a.join('\n'), b.join('\n'))).flat();
  return sort === 'valuesort' ? rows.flat().sort(byBytes) : rows.flat();
}

/** As the C program's strcmp. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
