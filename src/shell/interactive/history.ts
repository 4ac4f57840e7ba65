import { appendFile, readFile } from 'node:fs/promises';
import { tokensOf } from '../tokens.ts';

/** One statement per line; its own line breaks are kept as `\n` of JSON. */

/** Newest first, as readline wants it. A missing or unreadable file is an empty history. */
export async function readHistory(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines
      .slice(-1000)
      .map(decode)
      .filter((text) => text !== '')
      .reverse();
  } catch {
    return [];
  }
}

/** A history that cannot be written is no reason to stop working. */
export async function appendHistory(file: string, text: string): Promise<void> {
  try {
    await appendFile(file, `${JSON.stringify(text)}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}

function decode(line: string): string {
  const text: unknown = parsed(line);
  return typeof text === 'string' ? onOneLine(text) : '';
}

/** A line that another program has written is an empty entry. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return '';
  }
}

/** A statement of several lines as one, unless a line comment would swallow the rest, or a quote has lines of its own. */
export function onOneLine(text: string): string {
  if (KEEPS_LINES.test(text)) return text;
  for (const token of tokensOf(text)) if (token.kind === 'quoted' && token.text.includes('\n')) return text;
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Line comments of SQL and PromQL, and PromQL's raw strings. */
const KEEPS_LINES = /--|#|`/;
