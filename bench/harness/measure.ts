/** An engine under test: runs one query to its last row. */
export interface Contender {
  readonly name: string;
  run(query: string): Promise<readonly (readonly unknown[])[]>;
}

/** V8 compiles what runs often a second time, better: the first rounds are not what a server sees. */
const WARM_UP = 3;
const ROUNDS = 15;

/** Runs the contenders alternately, after WARM_UP rounds that do not count; medians in milliseconds, in their order. */
export async function measure(query: string, contenders: readonly Contender[], rounds = ROUNDS): Promise<readonly number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 1 - WARM_UP; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const started = performance.now();
      await contender.run(query);
      if (round > 0) times[i]?.push(performance.now() - started);
    }
  }
  return times.map(median);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
