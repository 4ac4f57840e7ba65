import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SUITE = fileURLToPath(new URL('../../../../shared/suites/promql/', import.meta.url));

/** One `eval` line of Prometheus' own promqltest scripts. */
export interface Evaluation {
  readonly file: string;
  readonly line: number;
  readonly query: string;
  /** Whether the script expects the query to fail, in the parser or later. */
  readonly fails: boolean;
}

export const suiteExists = existsSync(SUITE);

/** Every evaluation of the suite, or none where the suite is absent. */
export function evaluations(): readonly Evaluation[] {
  if (!suiteExists) return [];
  const found: Evaluation[] = [];
  for (const file of readdirSync(SUITE).filter((name) => name.endsWith('.test'))) {
    const lines = readFileSync(SUITE + file, 'utf8').split('\n');
    lines.forEach((text, index) => {
      const match = /^eval(_fail|_warn|_info|_ordered)? (?:instant at \S+|range from \S+ to \S+ step \S+) (.*)$/.exec(text);
      if (match === null) return;
      let fails = match[1] === '_fail';
      for (let next = index + 1; /^\s+\S/.test(lines[next] ?? ''); next++) fails ||= /^\s+expect fail/.test(lines[next] ?? '');
      found.push({ file, line: index + 1, query: match[2] ?? '', fails });
    });
  }
  return found;
}
