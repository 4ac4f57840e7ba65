import type { TextExchange } from './exchange.ts';

/** Text functions with PostgreSQL's results. A negative length stands for failure. */

const FAILED = -1;
/** PostgreSQL's limit of a text, in bytes. */
const MAX_BYTES = 2 ** 30 - 1;

export function textImports(exchange: TextExchange): Record<string, (...args: never[]) => unknown> {
  const read = (address: number, length: number): string => exchange.read(address, length);
  const give = (text: string | undefined): number => (text === undefined ? FAILED : exchange.give(text));
  const trim =
    (start: boolean, end: boolean) =>
    (address: number, length: number, setAddress: number, setLength: number): number =>
      give(trimmed([...read(address, length)], new Set(read(setAddress, setLength)), start, end));
  return {
    take: (address: number) => exchange.take(address),
    lower: (address: number, length: number) => give(mapCharacters(read(address, length), (each) => each.toLowerCase())),
    upper: (address: number, length: number) => give(mapCharacters(read(address, length), (each) => each.toUpperCase())),
    ltrim: trim(true, false),
    rtrim: trim(false, true),
    btrim: trim(true, true),
    reverse: (address: number, length: number) => give([...read(address, length)].reverse().join('')),
    initcap: (address: number, length: number) => give(initcap(read(address, length))),
    // Loaded when asked for: it would take 5 ms of every start.
    md5: (address: number, length: number) => give(process.getBuiltinModule('node:crypto').hash('md5', read(address, length))),
    ascii: (address: number, length: number) => read(address, length).codePointAt(0) ?? 0,
    chr: (code: number) =>
      give(code < 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code)),
    replace: (a: number, n: number, b: number, m: number, c: number, l: number) => {
      const part = read(b, m);
      if (part === '') return give(read(a, n));
      const pieces = read(a, n).split(part);
      return n + (pieces.length - 1) * (l - m) > MAX_BYTES ? FAILED : give(pieces.join(read(c, l)));
    },
    translate: (a: number, n: number, b: number, m: number, c: number, l: number) =>
      give(translate(read(a, n), [...read(b, m)], [...read(c, l)])),
    split_part: (a: number, n: number, b: number, m: number, field: number) => give(splitPart(read(a, n), read(b, m), field)),
    lpad: (a: number, n: number, size: number, b: number, m: number) => give(pad(read(a, n), size, read(b, m), true)),
    rpad: (a: number, n: number, size: number, b: number, m: number) => give(pad(read(a, n), size, read(b, m), false)),
    overlay: (a: number, n: number, b: number, m: number, start: number) => {
      const part = read(b, m);
      return give(overlay(read(a, n), part, start, [...part].length));
    },
    overlay_count: (a: number, n: number, b: number, m: number, start: number, count: number) =>
      give(overlay(read(a, n), read(b, m), start, count)),
  };
}

/** Character by character, as the C library's towlower does: a change of length (ß → SS) is left out. */
function mapCharacters(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const mapped = map(character);
    result += [...mapped].length === 1 ? mapped : character;
  }
  return result;
}

function trimmed(characters: string[], set: ReadonlySet<string>, start: boolean, end: boolean): string {
  let from = 0;
  let to = characters.length;
  if (start) while (from < to && set.has(characters[from] ?? '')) from++;
  if (end) while (to > from && set.has(characters[to - 1] ?? '')) to--;
  return characters.slice(from, to).join('');
}

/** A word is a run of letters and digits. */
function initcap(text: string): string {
  let inside = false;
  return mapCharacters(text, (character) => {
    const changed = inside ? character.toLowerCase() : character.toUpperCase();
    inside = /[\p{L}\p{N}]/u.test(character);
    return changed;
  });
}

/** Characters without a counterpart are removed. */
function translate(text: string, from: readonly string[], to: readonly string[]): string {
  const map = new Map<string, string>();
  from.forEach((character, i) => {
    if (!map.has(character)) map.set(character, to[i] ?? '');
  });
  let result = '';
  for (const character of text) result += map.get(character) ?? character;
  return result;
}

function splitPart(text: string, separator: string, field: number): string {
  const fields = separator === '' ? [text] : text.split(separator);
  return fields[field > 0 ? field - 1 : fields.length + field] ?? '';
}

function pad(text: string, size: number, fill: string, start: boolean): string | undefined {
  const characters = [...text];
  const wanted = Math.max(0, size);
  if (characters.length >= wanted) return characters.slice(0, wanted).join('');
  const filler = [...fill];
  if (filler.length === 0) return text;
  if (wanted * 4 > MAX_BYTES) return undefined;
  const missing = Array.from({ length: wanted - characters.length }, (_, i) => filler[i % filler.length]).join('');
  return start ? missing + text : text + missing;
}

/** As text_overlay: what stands before `start`, the part, what stands after the count; a start below 1 fails. */
function overlay(text: string, part: string, start: number, count: number): string | undefined {
  if (start <= 0) return undefined;
  const characters = [...text];
  return characters.slice(0, start - 1).join('') + part + characters.slice(Math.max(0, start - 1 + count)).join('');
}
