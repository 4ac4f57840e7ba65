import type { SortKey, WindowCall } from '../../../../planner/expression.ts';
import type { WindowOperator } from '../../../../planner/physical/plan.ts';
import { windowDefinitions } from '../../../functions/window/all.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Vector } from '../../../types/vector.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { type ColumnBatch, viewBatch } from '../../result/column-batch.ts';
import { transpose } from '../../result/transpose.ts';
import { type Records, RowSink } from '../../rows/row-sink.ts';
import { recordArraySource } from '../../rows/row-source.ts';
import { noRows } from '../hash-join/empty.ts';
import { type ComputedColumns, computedColumns, keyExpressions, recordKeys } from '../sort/keys.ts';
import { ENTRY_BYTES } from '../sort/runs.ts';
import { sortRecords } from '../sort/sort.ts';
import { type AggregateWindowCall, aggregateFrames } from './aggregates.ts';
import { type Boundaries, findBoundaries } from './boundaries.ts';
import { type Frames, resolveFrames } from './frames.ts';
import { type ResultVector, windowSource } from './source.ts';

/** Rows sorted by partition and order. */
interface Sorted {
  readonly records: Records;
  readonly entries: Pointer;
  readonly boundaries: Boundaries;
  /** The same rows as columns. */
  readonly batch: ColumnBatch;
}

/**
 * Sorts the rows by partition and order, finds every row's frame, and computes the calls: aggregates in generated code over
 * the sorted records, pure window functions over vectors.
 */
export async function lowerWindow(plan: WindowOperator, run: QueryRun): Promise<Stream> {
  const input = await run.lower(plan.input);
  const computed = computedColumns(expressionsOf(plan), input.columns);
  const sorted = await sortForWindow(plan, run, addStep(input, computed.columns, computed.step), computed);
  if (sorted === null) return noRows(plan.columns);
  const { records, entries, boundaries, batch } = sorted;
  const vectorAt = (position: number): Vector => vectorOf(run, batch, computed, position);
  const frames = framesByCall(plan, run, boundaries, vectorAt);
  const batches: ColumnBatch[] = [batch];
  for (const [rows, calls] of aggregatesByFrames(frames)) {
    const results = await aggregateFrames(run, calls, entries, records.layout, boundaries, rows);
    batches.push(await transpose(run, results));
  }
  const vectors = [...frames].flatMap(([call, rows]): ResultVector[] => {
    if (call.function.type !== 'window') return [];
    const first = firstArgument(plan, call);
    const given = call.arguments.map((_, i) => vectorAt(first + i));
    const { name, returnType } = call.function;
    const definition = windowDefinitions.get(name);
    if (definition === undefined) throw new LumaError(SQLSTATE.internalError, `no window function ${name} is registered`);
    const vector = definition.compute(given, { rows: batch.rows, ...boundaries, ...rows }, returnType);
    return [{ column: call.output, vector }];
  });
  return streamOf(windowSource(run, plan, batches, vectors), plan.columns);
}

/** Partition keys, order keys, then the arguments of pure window functions. */
function expressionsOf(plan: WindowOperator): ReturnType<typeof keyExpressions> {
  const arguments_ = plan.calls.flatMap((call) => (call.function.type === 'window' ? call.arguments : []));
  return [...plan.partitionBy, ...keyExpressions(plan.orderBy), ...arguments_];
}

/** Position of a call's first argument among `expressionsOf`. */
function firstArgument(plan: WindowOperator, call: WindowCall): number {
  let position = plan.partitionBy.length + plan.orderBy.length;
  for (const each of plan.calls) {
    if (each === call) break;
    if (each.function.type === 'window') position += each.arguments.length;
  }
  return position;
}

/** Null when there are no rows. */
async function sortForWindow(
  plan: WindowOperator,
  run: QueryRun,
  stream: Stream,
  computed: ComputedColumns,
): Promise<Sorted | null> {
  const sink = new RowSink(computed.columns, { ordered: true });
  const records = sink.records(run.memory, await run.drain(stream, sink));
  if (records.rows === 0) return null;
  const partition = plan.partitionBy.map((expression): SortKey => ({ expression, descending: false, nulls: 'last' }));
  const keys = recordKeys(run, records.layout, [...partition, ...plan.orderBy], computed.of);
  const entries = await sortRecords(run, records, keys);
  const [partitionKeys, orderKeys] = [keys.slice(0, partition.length), keys.slice(partition.length)];
  const boundaries = await findBoundaries(run, entries, records.rows, records.layout, partitionKeys, orderKeys);
  const inOrder = new RowSink(computed.columns, { ordered: true });
  const source = recordArraySource(run, records.layout, entries, records.rows, null, ENTRY_BYTES);
  const blocks = await run.drain(streamOf(source, computed.columns, true), inOrder);
  const batch = await transpose(run, inOrder.records(run.memory, blocks));
  return { records, entries, boundaries, batch };
}

/** The frames of each call; calls with equal frame clauses share them. */
function framesByCall(
  plan: WindowOperator,
  run: QueryRun,
  boundaries: Boundaries,
  vectorAt: (position: number) => Vector,
): ReadonlyMap<WindowCall, Frames> {
  const rangeKey = () => {
    const [key] = plan.orderBy;
    if (key === undefined) throw new LumaError(SQLSTATE.windowingError, 'RANGE with an offset needs one ORDER BY key');
    return { key, values: vectorAt(plan.partitionBy.length) };
  };
  const known = new Map<string, Frames>();
  return new Map(
    plan.calls.map((call) => {
      const clause = JSON.stringify(call.frame, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
      const frames = known.get(clause) ?? resolveFrames(run, call.frame, boundaries, rangeKey);
      known.set(clause, frames);
      return [call, frames] as const;
    }),
  );
}

function aggregatesByFrames(frames: ReadonlyMap<WindowCall, Frames>): ReadonlyMap<Frames, AggregateWindowCall[]> {
  const calls = new Map<Frames, AggregateWindowCall[]>();
  for (const [call, rows] of frames) {
    if (!isAggregate(call)) continue;
    const known = calls.get(rows);
    if (known === undefined) calls.set(rows, [call]);
    else known.push(call);
  }
  return calls;
}

function isAggregate(call: WindowCall): call is AggregateWindowCall {
  return call.function.type === 'aggregate';
}

function vectorOf(run: QueryRun, batch: ColumnBatch, { of }: ComputedColumns, position: number): Vector {
  const [vector] = viewBatch(run, batch, [of[position]?.id ?? 0]).columns;
  if (vector === undefined) throw new LumaError(SQLSTATE.internalError, `the window has no column ${position}`);
  return vector;
}
