import type { HashJoin } from '../../../../planner/physical/plan.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { recordSource } from '../../rows/row-source.ts';
import { BuildSink, isIndexable, sideOf } from './build.ts';
import { filterOfRecords, keyTest } from './key-filter.ts';

/** The two inputs of a join, ready to be built and probed. */
export interface JoinInputs {
  readonly build: Stream;
  /** Lowered when the build side has run, unless its rows are there already. */
  readonly probe: () => Promise<Stream>;
}

/** The build side must be estimated at this many rows, and this many times the rows of the probe side. */
const LEAST_BUILD_ROWS = 1 << 17;
const TIMES_PROBE_ROWS = 4;

/**
 * The inputs of a join. Where the side to be built, which a semi, anti, left or mark join cannot choose, is much the larger
 * one, the probe side runs first: of the build side only rows with one of its keys are kept. Null when the probe side has no
 * rows: then the join has none.
 */
export async function joinInputs(plan: HashJoin, run: QueryRun): Promise<JoinInputs | null> {
  const key = plan.keys.find(({ probe, nullSafe }) => !nullSafe && isIndexable(probe.type));
  if (key === undefined || !isReducible(plan)) {
    return { build: await run.lower(plan.build), probe: () => run.lower(plan.probe) };
  }
  const probe = await run.lower(plan.probe);
  if (probe.ordered) return { build: await run.lower(plan.build), probe: async () => probe };
  const { columns } = plan.probe;
  const side = sideOf(columns, columns, [{ expression: key.probe, nullSafe: false }]);
  const [{ column } = { column: undefined }] = side.keys;
  const sink = new BuildSink(run.memory, side, () => true, false);
  const blocks = await run.drain(probe, sink);
  const records = sink.records(blocks);
  if (records.rows === 0) return null;
  const filter = column === undefined ? null : await filterOfRecords(run, records, column, sink.range(blocks));
  const build = await run.lower(plan.build);
  return {
    build: addStep(build, build.columns, { node: null, tests: keyTest(filter, key.build), emit: (_, row, next) => next(row) }),
    probe: async () => streamOf(recordSource(run, records, null), columns),
  };
}

function isReducible({ type, nullAware, build, probe }: HashJoin): boolean {
  if (type === 'inner' || nullAware) return false;
  return build.estimate.rows >= Math.max(LEAST_BUILD_ROWS, probe.estimate.rows * TIMES_PROBE_ROWS);
}
