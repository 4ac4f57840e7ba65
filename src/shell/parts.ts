import { hasSqlStatements, type Language } from '../../grammars/language.ts';
import { tokensOf } from './tokens.ts';

/** Statements of the language, or one backslash command. */
export interface Part {
  readonly kind: 'statements' | 'command';
  readonly text: string;
}

/**
 * The parts of what is to be run, in order. A backslash command is a line of its own that no quote or comment holds. The
 * text of statements begins with empty lines for what is before it, so that errors name its own lines. `language` is asked
 * before each part: a command may change it.
 */
export function* partsOf(text: string, language: () => Language): Generator<Part> {
  let from = 0;
  while (from < text.length) {
    const command = commandAfter(text, from, language());
    const statements = text.slice(from, command);
    if (statements.trim() !== '') yield { kind: 'statements', text: '\n'.repeat(linesBefore(text, from)) + statements };
    if (command === undefined) return;
    const end = text.indexOf('\n', command);
    from = end < 0 ? text.length : end + 1;
    yield { kind: 'command', text: text.slice(command, from).trim() };
  }
}

function commandAfter(text: string, from: number, language: Language): number | undefined {
  const line = /^[ \t]*\\/gm;
  line.lastIndex = from;
  const first = line.exec(text);
  if (first === null || !hasSqlStatements(language)) return first?.index;
  for (const token of tokensOf(text, from)) {
    if (token.text === '\\' && text.slice(text.lastIndexOf('\n', token.at) + 1, token.at).trim() === '') return token.at;
  }
  return undefined;
}

function linesBefore(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
