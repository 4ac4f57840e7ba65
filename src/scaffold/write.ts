import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal, type Unit } from './unit.ts';

/**
 * Writes the unit under `root` and formats what it touched. Nothing is written when a file exists already or an edit finds no
 * place; the paths that were written and changed come back.
 */
export function writeUnit(
  unit: Unit,
  root: string,
): { readonly written: readonly string[]; readonly changed: readonly string[] } {
  const existing = unit.files.find(({ path }) => existsSync(join(root, path)));
  if (existing !== undefined) throw new Refusal(`${existing.path} exists.`);
  const edited = unit.edits.map(({ path, apply }) => ({ path, text: apply(readFileSync(join(root, path), 'utf8')) }));
  const all = [...unit.files, ...edited];
  for (const { path, text } of all) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const paths = all.map(({ path }) => path);
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...paths], { cwd: root, stdio: 'pipe' });
  return { written: unit.files.map(({ path }) => path), changed: unit.edits.map(({ path }) => path) };
}
