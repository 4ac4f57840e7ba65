import { hasSqlStatements, type Language } from '../../../grammars/language.ts';
import { LumaError } from '../../types/error.ts';
import { tokensOf } from '../tokens.ts';

/**
 * Whether what was typed can be run. Backslash commands are one line. In the SQL family a statement ends with `;` outside
 * quotes and comments. In other languages it ends when it parses, with an error before its end (waiting would not help),
 * or with an empty line.
 */
export function isComplete(text: string, language: Language): boolean {
  if (text.startsWith('\\') || text.trim() === '') return true;
  if (hasSqlStatements(language)) return endsStatement(text);
  if (text.endsWith('\n')) return true;
  try {
    language.parse(text);
    return true;
  } catch (thrown) {
    return thrown instanceof LumaError && thrown.span !== undefined && thrown.span.start < text.trimEnd().length;
  }
}

function endsStatement(text: string): boolean {
  let last = '';
  for (const token of tokensOf(text)) {
    if (token.kind !== 'blank') last = token.text;
  }
  return last === ';';
}
