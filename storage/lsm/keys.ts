/**
 * The keys of a database, in key order by family, table and number (big-endian, so that bytes sort as numbers):
 *
 * | key                          | value                                                               |
 * | ---                          | ---                                                                 |
 * | c table segment column       | a column chunk of a stored segment                                  |
 * | d table column first-code    | the dictionary's values from that code on                           |
 * | e table                      | end of the table's log: next number and rows, as of its last commit |
 * | k table                      | distinct sketches and what ANALYZE found                            |
 * | l table number               | log record: rows of a commit                                        |
 * | n                            | how many batches have been written (last-close.ts)                  |
 * | s table segment              | a stored segment's rows and zone maps                               |
 * | t table                      | the table: definition and the order of its segments and log ranges  |
 */
export type Family = 'c' | 'd' | 'e' | 'k' | 'l' | 'n' | 's' | 't';

const NAMES: Readonly<Record<Family, string>> = {
  c: 'column chunk',
  d: 'dictionary',
  e: 'log end',
  k: 'statistics',
  l: 'log record',
  n: 'number of batches',
  s: 'segment',
  t: 'table',
};

export function keyOf(family: Family, ...numbers: readonly number[]): Uint8Array {
  const key = new Uint8Array(1 + numbers.length * 4);
  key[0] = family.charCodeAt(0);
  const view = new DataView(key.buffer);
  numbers.forEach((number, i) => {
    view.setUint32(1 + i * 4, number);
  });
  return key;
}

/** All keys of a family that begin with these numbers, as a half-open range. */
export function rangeOf(family: Family, ...numbers: readonly number[]): readonly [Uint8Array, Uint8Array] {
  const from = keyOf(family, ...numbers);
  const to = from.slice();
  for (let i = to.length - 1; i >= 0; i--) {
    const byte = to[i] ?? 0;
    to[i] = (byte + 1) & 255;
    if (byte < 255) return [from, to.subarray(0, i + 1)];
  }
  return [from, Uint8Array.of(255)];
}

/** The numbers after the family. */
export function numbersOf(key: Uint8Array): number[] {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return Array.from({ length: (key.length - 1) >> 2 }, (_, i) => view.getUint32(1 + i * 4));
}

/** For error messages. */
export function describeKey(key: Uint8Array): string {
  const family = String.fromCharCode(key[0] ?? 0);
  const name = Object.entries(NAMES).find(([letter]) => letter === family)?.[1] ?? 'unknown';
  return `${name} ${family}/${numbersOf(key).join('/')}`;
}
