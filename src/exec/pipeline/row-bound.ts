import type { Branch, Stream } from './stream.ts';

/** Upper bound of the rows that a stream delivers: its sources' rows, multiplied where a join's probe may multiply them. */
export function rowBound(stream: Stream): number {
  return stream.branches.reduce((sum, branch) => sum + branchBound(branch), 0);
}

function branchBound({ source, steps }: Branch): number {
  return steps.reduce((rows, { expansion = 1 }) => rows * expansion, source.rows);
}
