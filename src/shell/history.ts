import { appendFile, readFile } from 'node:fs/promises';

/** One statement per line; its own line breaks are kept as `\n` of JSON. */

/** Newest first, as readline wants it. A missing or unreadable file is an empty history. */
export async function readHistory(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.slice(-1000).map(decode).reverse();
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

/** Statements of several lines come back as one, unless a line comment would swallow the rest. */
function decode(line: string): string {
  const text: unknown = JSON.parse(line);
  if (typeof text !== 'string') return '';
  return text.includes('--') ? text : text.replaceAll(/\s*\n\s*/g, ' ');
}
