/** An engine under test: runs one query to its last row. */
export interface Contender {
  readonly name: string;
  run(query: string): Promise<readonly (readonly unknown[])[]>;
}

const ROUNDS = 7;

/** Runs the contenders alternately, after one round of warm-up; medians in milliseconds, in their order. */
export async function measure(query: string, contenders: readonly Contender[], rounds = ROUNDS): Promise<readonly number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
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
