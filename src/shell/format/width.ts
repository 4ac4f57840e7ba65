/** East Asian wide and fullwidth characters and emoji take two columns, combining marks none (Unicode Standard Annex 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const ZERO = /\p{Mark}|\p{Cf}/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Columns a text takes on a terminal. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export function pad(text: string, width: number, right: boolean): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? spaces + text : text + spaces;
}

/** A text whose control characters but line feeds are written out, so that they can do nothing to a terminal: as psql (pg_wcsformat). */
export function visible(text: string): string {
  return CONTROL.test(text) ? text.split('\n').map(writtenOut).join('\n') : text;
}

const CONTROL = /[^\P{Cc}\n]/u;

function writtenOut(line: string): string {
  let shown = '';
  for (const character of line) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\t') shown += ' '.repeat(8 - (displayWidth(shown) % 8));
    else if (character === '\r') shown += '\\r';
    else if (!CONTROL.test(character)) shown += character;
    else shown += code < 0x80 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  }
  return shown;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
