import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly scale: number;
  readonly json: boolean;
  readonly threads: number;
  /** Only these queries; empty: all. */
  readonly only: readonly string[];
}

/** `--sf N --json --threads N --only a,b`. */
export function benchOptions(args: readonly string[], scale: number): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { sf: { type: 'string' }, json: { type: 'boolean' }, threads: { type: 'string' }, only: { type: 'string' } },
  });
  return {
    scale: Number(values.sf ?? scale),
    json: values.json === true,
    threads: Number(values.threads ?? availableParallelism()),
    only: values.only?.split(',') ?? [],
  };
}

/** Generated data is kept here between runs. */
export const CACHE = new URL('../../.cache/bench', import.meta.url).pathname;
