import type { Language } from '../../../grammars/language.ts';
import { LumaError } from '../../types/error.ts';

/**
 * Whether what was typed can be run. Backslash commands are one line. In the SQL family a statement ends with `;` outside
 * quotes and comments. In other languages it ends when it parses, with an error before its end (waiting would not help),
 * or with an empty line.
 */
export function isComplete(text: string, language: Language): boolean {
  if (text.startsWith('\\') || text.trim() === '') return true;
  if (language.family !== 'series' && language.family !== 'pipeline') return endsStatement(text);
  if (text.endsWith('\n')) return true;
  try {
    language.parse(text);
    return true;
  } catch (thrown) {
    return thrown instanceof LumaError && thrown.span !== undefined && thrown.span.start < text.trimEnd().length;
  }
}

/** Skips quoted text and comments; what is left must end with a semicolon. */
function endsStatement(text: string): boolean {
  const plain = text.replaceAll(
    /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g,
    (part) => (part.startsWith('--') || part.startsWith('/*') ? ' ' : 'x'),
  );
  return plain.trimEnd().endsWith(';') && !isOpen(text);
}

/** Whether the text ends inside a quote or a block comment. */
function isOpen(text: string): boolean {
  const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|['"]|\/\*|\$\w*\$|[\s\S]/g;
  for (const [part] of text.matchAll(token)) {
    if (part === "'" || part === '"' || part === '/*' || /^\$\w*\$$/.test(part)) return true;
  }
  return false;
}
