/**
 * RE2's notation as a JavaScript pattern for the flags `s` and `u`: what Prometheus matches labels with. Syntax:
 * github.com/google/re2/wiki/Syntax. RE2's \d, \s, \w and POSIX classes are ASCII, as JavaScript's are, but for \s.
 */

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

/** Escapes that JavaScript's `u` mode refuses or reads differently. */
const ESCAPES: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', z: '(?![\\s\\S])', a: '\\x07' };

/** A regular expression that the whole text must match; `.` matches newlines too. Throws a SyntaxError for what RE2 refuses. */
export function re2FullMatch(pattern: string): RegExp {
  return new RegExp(`^(?:${translate(pattern)})$`, 'su');
}

/** The groups that inline flags opened in the alternative at hand: each closes with it and opens again in the next one. */
type Modifiers = string[];

function translate(pattern: string): string {
  let output = '';
  /** One entry per open parenthesis; the first is the whole pattern. */
  const open: Modifiers[] = [[]];
  const modifiers = (): Modifiers => open.at(-1) ?? [];
  const closing = (list: Modifiers): string => ')'.repeat(list.length);
  let position = 0;
  while (position < pattern.length) {
    const rest = pattern.slice(position);
    const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest);
    const flags = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest);
    if (quoted !== null) {
      output += escaped(quoted[1] ?? '');
      position += quoted[0].length;
    } else if (rest[0] === '\\') {
      const [image, text] = escapeSequence(rest);
      position += image.length;
      output += ASSERTION.test(image) ? assertion(text, pattern.slice(position)) : text;
    } else if (rest[0] === '[') {
      const [image, text] = characterClass(rest);
      output += text;
      position += image.length;
    } else if (flags !== null) {
      const group = modifierGroup(flags[1] ?? '', flags[2] ?? '');
      output += group;
      // (?i) holds to the end of the group it stands in.
      if (flags[3] === ')') modifiers().push(group);
      else open.push([]);
      position += flags[0].length;
    } else if (named !== null) {
      output += `(?<${named[1]}>`;
      open.push([]);
      position += named[0].length;
    } else if (/^\(\?/.test(rest)) {
      throw new SyntaxError('invalid or unsupported Perl syntax');
    } else if (rest[0] === '(') {
      output += '(';
      open.push([]);
      position += 1;
    } else if (rest[0] === ')') {
      if (open.length === 1) throw new SyntaxError('unexpected )');
      output += `${closing(open.pop() ?? [])})`;
      position += 1;
    } else if (rest[0] === '|') {
      output += `${closing(modifiers())}|${modifiers().join('')}`;
      position += 1;
    } else {
      const [image, text] = plain(rest);
      position += image.length;
      output += ASSERTION.test(image) ? assertion(text, pattern.slice(position)) : text;
    }
  }
  if (open.length > 1) throw new SyntaxError('missing closing )');
  return output + closing(modifiers());
}

const ASSERTION = /^(?:\\[AzbB]|[$^])$/;

/** JavaScript repeats no bare assertion. */
function assertion(text: string, rest: string): string {
  return /^(?:[*+?]|\{\d)/.test(rest) ? `(?:${text})` : text;
}

/** A repetition, or one character; braces that are no repetition, and a closing bracket, are plain. */
function plain(rest: string): readonly [string, string] {
  const repetition = /^\{\d+(?:,\d*)?\}/.exec(rest);
  if (repetition !== null) return [repetition[0], repetition[0]];
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return [character, /[{}\]]/.test(character) ? `\\${character}` : character];
}

function modifierGroup(on: string, off: string): string {
  // U (swap greediness) changes no whole-string match.
  const clean = (flags: string): string => [...new Set(flags.replaceAll('U', ''))].join('');
  const [added, removed] = [clean(on), clean(off)];
  if (added === '' && removed === '') return '(?:';
  return removed === '' ? `(?${added}:` : `(?${added}-${removed}:`;
}

/** One escape outside brackets: its text and its translation. */
function escapeSequence(rest: string): readonly [string, string] {
  const special = /^\\(?:x\{([0-9a-fA-F]+)\}|x[0-9a-fA-F]{2}|[pP]\{\^?[^}]+\}|[pP](\w)|([0-7]{1,3}))/.exec(rest);
  if (special !== null) {
    const [image, hex, property, octal] = special;
    if (hex !== undefined) return [image, `\\u{${hex}}`];
    if (property !== undefined) return [image, `\\${image[1]}{${property}}`];
    if (/^\\x/.test(image)) return [image, image];
    if (octal !== undefined) {
      if (!octal.startsWith('0') && octal.length === 1) throw new SyntaxError(`invalid escape sequence: ${image}`);
      return [image, `\\u{${Number.parseInt(octal, 8).toString(16)}}`];
    }
    return [image, unicodeClass(image)];
  }
  if (rest.length < 2) throw new SyntaxError('trailing backslash at end of expression');
  const letter = String.fromCodePoint(rest.codePointAt(1) ?? 0);
  const image = `\\${letter}`;
  const known = ESCAPES[letter];
  if (known !== undefined) return [image, known];
  if (/[dDwWbBfnrtv]/.test(letter)) return [image, image];
  if (letter === 's') return [image, '[\\t\\n\\f\\r ]'];
  if (letter === 'S') return [image, '[^\\t\\n\\f\\r ]'];
  if (/[A-Za-z]/.test(letter)) throw new SyntaxError(`invalid escape sequence: ${image}`);
  return [image, escaped(letter)];
}

/** `\p{^Greek}`, `\p{Greek}`: a general category, or a script. */
function unicodeClass(image: string): string {
  const negated = image.startsWith('\\P') !== image.includes('{^');
  const name = image.slice(3, -1).replace('^', '');
  return `\\${negated ? 'P' : 'p'}{${name.length > 2 ? 'Script=' : ''}${name}}`;
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
      text += insideClass(image, translated);
      position += image.length;
    } else {
      text += /[[\]]/.test(character) ? `\\${character}` : character;
      position += character.length;
    }
  }
  return [rest.slice(0, position + 1), `${text}]`];
}

/** An escape's translation inside brackets. */
function insideClass(image: string, translated: string): string {
  if (/^\\[AzbB]$/.test(image)) throw new SyntaxError(`invalid escape sequence: ${image}`);
  if (image === '\\S') return '\\0-\\x08\\v\\x0e-\\x1f!-\\u{10ffff}';
  if (/^\[.*\]$/s.test(translated)) return translated.slice(1, -1);
  return translated.replace(/^[-^&!#%,:;<=>@`~]$/, escapedInClass);
}

function escapedInClass(character: string): string {
  return character === '-' || character === '^' ? `\\${character}` : character;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
