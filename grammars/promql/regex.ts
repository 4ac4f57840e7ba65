import { LumaError } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** Escapes that JavaScript's `u` mode refuses or reads differently: RE2's ASCII classes stay ASCII in both. */
const ESCAPES: Readonly<Record<string, string>> = { A: '^', z: '$', a: '\\x07', C: '[\\s\\S]' };

/**
 * RE2 syntax as a JavaScript regular expression with the flags `su`, anchored at both ends, as PromQL matches labels.
 * Inline flags turn into modifier groups, Python's named groups into plain ones. Throws 2201B for what RE2 refuses.
 */
export function matcherRegExp(pattern: string, span: Span): RegExp {
  try {
    return new RegExp(`^(?:${translate(pattern)})$`, 'su');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LumaError('2201B', `error parsing regexp: ${reason.replace(/^.*: (?=[^:]*$)/, '')}: "${pattern}"`, {
      span,
      hint: 'Regular expressions are RE2 syntax, without look-around and back-references.',
      cause,
    });
  }
}

function translate(pattern: string): string {
  let output = '';
  /** How many modifier groups to close with each open parenthesis; the first entry is the whole pattern. */
  const open: number[] = [0];
  let position = 0;
  while (position < pattern.length) {
    const rest = pattern.slice(position);
    const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest);
    const flags = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest);
    if (quoted !== null) {
      output += (quoted[1] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      position += quoted[0].length;
    } else if (rest[0] === '\\') {
      const [image, text] = escapeSequence(rest);
      output += text;
      position += image.length;
    } else if (rest[0] === '[') {
      const [image, text] = characterClass(rest);
      output += text;
      position += image.length;
    } else if (flags !== null) {
      // (?i) holds to the end of the group it stands in: it becomes a group that closes there.
      output += modifierGroup(flags[1] ?? '', flags[2] ?? '');
      if (flags[3] === ')') open[open.length - 1] = (open.at(-1) ?? 0) + 1;
      else open.push(0);
      position += flags[0].length;
    } else if (named !== null) {
      output += '(';
      open.push(0);
      position += named[0].length;
    } else if (/^\(\?[^:]/.test(rest)) {
      throw new SyntaxError('invalid or unsupported Perl syntax');
    } else if (rest[0] === '(') {
      const image = rest.startsWith('(?:') ? '(?:' : '(';
      output += image;
      open.push(0);
      position += image.length;
    } else if (rest[0] === ')') {
      if (open.length === 1) throw new SyntaxError('unexpected )');
      output += `${')'.repeat(open.pop() ?? 0)})`;
      position += 1;
    } else if (rest[0] === '|') {
      // An inline flag spans the alternatives that follow it: (?i)a|b is (?i:a|b).
      output += '|';
      position += 1;
    } else if (rest[0] === '{' && !/^\{\d+(?:,\d*)?\}/.test(rest)) {
      output += '\\{';
      position += 1;
    } else if (rest[0] === '}' && !/\{\d+(?:,\d*)?$/.test(pattern.slice(0, position))) {
      output += '\\}';
      position += 1;
    } else if (rest[0] === ']') {
      output += '\\]';
      position += 1;
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      output += character;
      position += character.length;
    }
  }
  if (open.length > 1) throw new SyntaxError('missing closing )');
  return output + ')'.repeat(open[0] ?? 0);
}

function modifierGroup(on: string, off: string): string {
  // U (swap greediness) changes no whole-string match.
  const clean = (flags: string): string => [...new Set(flags.replace('U', ''))].join('');
  const [added, removed] = [clean(on), clean(off)];
  if (added === '' && removed === '') return '(?:';
  return removed === '' ? `(?${added}:` : `(?${added}-${removed}:`;
}

/** One escape outside brackets: its text and its translation. */
function escapeSequence(rest: string): readonly [string, string] {
  const special = /^\\(?:x\{([0-9a-fA-F]+)\}|x[0-9a-fA-F]{2}|[pP]\{[^}]+\}|[pP](\w)|([0-7]{1,3}))/.exec(rest);
  if (special !== null) {
    const [image, hex, property, octal] = special;
    if (hex !== undefined) return [image, `\\u{${hex}}`];
    if (property !== undefined) return [image, `\\${image[1]}{${property}}`];
    if (octal !== undefined) {
      if (!octal.startsWith('0')) throw new SyntaxError(`invalid escape sequence: ${image}`);
      return [image, `\\u{${Number.parseInt(octal, 8).toString(16)}}`];
    }
    return [image, image.replace(/^\\([pP])\{\^/, (_, letter: string) => `\\${letter === 'p' ? 'P' : 'p'}{`)];
  }
  const letter = String.fromCodePoint(rest.codePointAt(1) ?? 0);
  if (rest.length < 2) throw new SyntaxError('trailing backslash at end of expression');
  const image = `\\${letter}`;
  const known = ESCAPES[letter];
  if (known !== undefined) return [image, known];
  if (/[dDwWbBfnrtv]/.test(letter)) return [image, image];
  if (letter === 's') return [image, '[\\t\\n\\f\\r ]'];
  if (letter === 'S') return [image, '[^\\t\\n\\f\\r ]'];
  if (/[A-Za-z]/.test(letter)) throw new SyntaxError(`invalid escape sequence: ${image}`);
  return [image, /[\\^$.*+?()[\]{}|/]/.test(letter) ? image : letter];
}

function characterClass(rest: string): readonly [string, string] {
  let position = 1;
  let text = '[';
  if (rest[position] === '^') {
    text += '^';
    position += 1;
  }
  for (let first = true; ; first = false) {
    const character = String.fromCodePoint(rest.codePointAt(position) ?? 0);
    if (position >= rest.length) throw new SyntaxError('missing closing ]');
    if (character === ']' && !first) break;
    const posix = /^\[:(\^?)(\w+):\]/.exec(rest.slice(position));
    if (posix !== null) {
      const set = POSIX_CLASSES[posix[2] ?? ''];
      if (set === undefined || posix[1] === '^') throw new SyntaxError(`invalid character class range: ${posix[0]}`);
      text += set;
      position += posix[0].length;
    } else if (character === '\\') {
      const [image, translated] = escapeSequence(rest.slice(position));
      text += /^\[\^?.*\]$/s.test(translated) ? translated.slice(1, -1) : translated.replace(/^[-&!#%,:;<=>@`~]$/, '\\$&');
      position += image.length;
    } else {
      text += /[[\]]/.test(character) ? `\\${character}` : character;
      position += character.length;
    }
  }
  return [rest.slice(0, position + 1), `${text}]`];
}
