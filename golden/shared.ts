import { existsSync, readdirSync } from 'node:fs';

/** Suites that others wrote, beside the project where they are laid; tests that need them skip themselves elsewhere. */
const SUITES = new URL('../../shared/suites/', import.meta.url).pathname;

/** Path of a suite's folder or file, or undefined when it is not there. */
export function suite(path: string): string | undefined {
  const full = SUITES + path;
  return existsSync(full) ? full : undefined;
}

/** Full paths of the files in `folder` with one of the endings, in name order. */
export function filesIn(folder: string, ...endings: readonly string[]): readonly string[] {
  return readdirSync(folder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => `${folder}/${name}`);
}
