import type { Column } from '../../../planner/expression.ts';
import type { Source, Step, Stream } from './stream.ts';

/** The rows of one source. */
export function streamOf(source: Source, columns: readonly Column[], ordered = false): Stream {
  return { branches: [{ source, steps: [] }], columns, ordered };
}

/** The stream with one more step in every branch, delivering `columns`. */
export function addStep(stream: Stream, columns: readonly Column[], step: Step): Stream {
  const branches = stream.branches.map(({ source, steps }) => ({ source, steps: [...steps, step] }));
  return { branches, columns, ordered: stream.ordered };
}

/** At most this many rows: the sources' rows, multiplied where a join's probe may multiply them. */
export function rowsOf(stream: Stream): number {
  return stream.branches.reduce(
    (sum, { source, steps }) => sum + steps.reduce((rows, { expansion = 1 }) => rows * expansion, source.rows),
    0,
  );
}
