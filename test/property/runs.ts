/** How often a property is tried: `RUNS=5000 vitest run test/property` for more, `SEED=…` to repeat a run. */
export function runs(byDefault: number): {
  readonly numRuns: number;
  readonly seed?: number;
  readonly skipAllAfterTimeLimit: number;
} {
  const { RUNS, SEED } = process.env;
  const numRuns = RUNS === undefined ? byDefault : Number(RUNS);
  // Ends the shrinking of a failure, which could go on for long.
  const limit = { numRuns, skipAllAfterTimeLimit: 60_000 + numRuns * 500 };
  return SEED === undefined ? limit : { ...limit, seed: Number(SEED) };
}
