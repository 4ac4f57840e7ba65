/** One record of a sqllogictest file (sqlite.org/sqllogictest, "Test Script Format"). */
export type SltRecord =
  | { readonly kind: 'statement'; readonly line: number; readonly sql: string; readonly error: string | null | undefined }
  | {
      readonly kind: 'query';
      readonly line: number;
      readonly sql: string;
      /** One letter per column: T text, I integer, R three decimals. */
      readonly types: string;
      readonly sort: 'nosort' | 'rowsort' | 'valuesort';
      readonly label: string | undefined;
      readonly expected: readonly string[];
    };

/** This engine's name in `skipif` and `onlyif`; peers' files that say `postgresql` mean us too. */
const NAMES: ReadonlySet<string> = new Set(['lumadb', 'postgresql']);

/**
 * Records in order. A statement's `error` is undefined for `ok`, null for any error, or the SQLSTATE it must have
 * (`statement error 42703`). Throws on a line it does not know.
 */
export function parseSlt(text: string): readonly SltRecord[] {
  const records: SltRecord[] = [];
  const lines = text.split(/\r?\n/);
  let at = 0;
  let skip = false;
  const block = (): string => {
    const start = at;
    while (at < lines.length && lines[at] !== '' && lines[at] !== '----') at++;
    return lines.slice(start, at).join('\n');
  };
  while (at < lines.length) {
    const line = lines[at++] ?? '';
    const [word, ...rest] = line.split('#')[0]?.trim().split(/\s+/) ?? [];
    switch (word) {
      case '':
      case undefined:
      case 'hash-threshold':
        break;
      case 'halt':
        return records;
      case 'skipif':
        skip ||= NAMES.has(rest[0] ?? '');
        break;
      case 'onlyif':
        skip ||= !NAMES.has(rest[0] ?? '');
        break;
      case 'statement': {
        const start = at;
        const sql = block();
        if (!skip)
          records.push({ kind: 'statement', line: start, sql, error: rest[0] === 'error' ? (rest[1] ?? null) : undefined });
        skip = false;
        break;
      }
      case 'query': {
        const start = at;
        const sql = block();
        const expected: string[] = [];
        if (lines[at] === '----') {
          at++;
          while (at < lines.length && lines[at] !== '') expected.push(lines[at++] ?? '');
        }
        const sort = sortOf(rest[1], start);
        if (!skip) records.push({ kind: 'query', line: start, sql, types: rest[0] ?? '', sort, label: rest[2], expected });
        skip = false;
        break;
      }
      default:
        throw new Error(`line ${at}: unknown record "${line}"`);
    }
  }
  return records;
}

function sortOf(word: string | undefined, line: number): 'nosort' | 'rowsort' | 'valuesort' {
  if (word === undefined || word === 'nosort') return 'nosort';
  if (word === 'rowsort' || word === 'valuesort') return word;
  throw new Error(`line ${line}: unknown sort mode "${word}"`);
}
