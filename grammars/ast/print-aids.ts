/**
 * A text that can be laid out on one line or several (after Wadler, "A prettier printer"). Strings are never broken,
 * so a literal with a line feed inside keeps it.
 */
export type Doc = string | readonly Doc[] | Line | Indent | Group;

interface Line {
  readonly type: 'line';
  /** What stands there when the group fits on one line. */
  readonly flat: string;
}
interface Indent {
  readonly type: 'indent';
  readonly doc: Doc;
}
/** Its lines break all together, or none does. */
interface Group {
  readonly type: 'group';
  readonly doc: Doc;
}

/** A space, or a line break. */
export const LINE: Doc = { type: 'line', flat: ' ' };
/** Nothing, or a line break. */
export const SOFT_LINE: Doc = { type: 'line', flat: '' };

export function indent(doc: Doc): Doc {
  return { type: 'indent', doc };
}

export function group(doc: Doc): Doc {
  return { type: 'group', doc };
}

/** The docs with `separator` between. */
export function join(docs: readonly Doc[], separator: Doc): Doc {
  return docs.flatMap((doc, position) => (position === 0 ? [doc] : [separator, doc]));
}

/** `a, b, c`, broken after the commas when it is long. */
export function commaList(docs: readonly Doc[]): Doc {
  return join(docs, [',', LINE]);
}

/** `(a, b)`: broken, the inside is indented on lines of its own. */
export function parenthesized(doc: Doc): Doc {
  return group(['(', indent([SOFT_LINE, doc]), SOFT_LINE, ')']);
}

/** Parentheses where `needed`. */
export function parenthesizedIf(needed: boolean, doc: Doc): Doc {
  return needed ? parenthesized(doc) : doc;
}

/** `text` between `quote`s, those inside doubled. */
export function quoted(text: string, quote: string): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}

type Pending = readonly [indent: number, flat: boolean, doc: Doc];

/** The text within `width` columns where groups can be broken to keep it; indentation is two spaces. */
export function render(doc: Doc, width = 100): string {
  const out: string[] = [];
  let column = 0;
  const pending: Pending[] = [[0, false, doc]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [depth, flat, current] = next;
    if (typeof current === 'string') {
      out.push(current);
      const lineFeed = current.lastIndexOf('\n');
      column = lineFeed < 0 ? column + current.length : current.length - lineFeed - 1;
    } else if (!('type' in current)) {
      for (let i = current.length - 1; i >= 0; i--) pending.push([depth, flat, current[i] ?? '']);
    } else if (current.type === 'line') {
      out.push(flat ? current.flat : `\n${' '.repeat(depth)}`);
      column = flat ? column + current.flat.length : depth;
    } else if (current.type === 'indent') {
      pending.push([depth + 2, flat, current.doc]);
    } else {
      pending.push([depth, flat || fits(current.doc, width - column), current.doc]);
    }
  }
  return out.join('');
}

function fits(doc: Doc, width: number): boolean {
  let left = width;
  const pending: Doc[] = [doc];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') left -= next.length;
    else if (!('type' in next)) for (let i = next.length - 1; i >= 0; i--) pending.push(next[i] ?? '');
    else if (next.type === 'line') left -= next.flat.length;
    else pending.push(next.doc);
    if (left < 0) return false;
  }
  return true;
}
