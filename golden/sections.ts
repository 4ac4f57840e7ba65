import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A part of a golden file: `=== name` on a line of its own, then its text. */
export interface Section {
  readonly name: string;
  readonly text: string;
}

/** Whether goldens are written anew (`npm run golden:update`); the review is reading the diff. */
const UPDATE = process.env.GOLDEN_UPDATE === '1';

export function readSections(file: string): readonly Section[] {
  const [, ...parts] = readFileSync(file, 'utf8').split(/^=== (.*)\n/m);
  return Array.from({ length: parts.length / 2 }, (_, i) => ({
    name: parts[2 * i] ?? '',
    text: (parts[2 * i + 1] ?? '').trim(),
  }));
}

/** Compares a golden file with the sections it should have; a run that updates goldens writes them instead. */
export function expectSections(file: string, sections: readonly Section[]): void {
  const text = `${sections.map((section) => `=== ${section.name}\n${section.text.trim()}\n`).join('\n')}`;
  if (UPDATE) writeFileSync(file, text);
  else expect(text).toBe(readFileSync(file, 'utf8'));
}
