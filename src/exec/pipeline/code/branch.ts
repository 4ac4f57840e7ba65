import type { BoundExpression } from '../../../../planner/expression.ts';
import { someExpression } from '../../../../planner/expression-visit.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { isCheap, isLeaf } from '../../expression/analysis.ts';
import { emitCondition } from '../../expression/emit.ts';
import { SHARED } from '../blocks.ts';
import type { Branch, PipelineBuilder, Row, RowTest, Sink, Slot, Step } from '../stream.ts';
import { MemoryMark } from './memory-mark.ts';

/** Counts rows per plan node, for EXPLAIN ANALYZE: an i64 in each thread's block. */
export interface RowCounters {
  slot(node: number): Slot;
}

/** Emits a pipeline's function body: source, steps, sink. `only`: no other branch leads to the sink. */
export function emitBranch(
  pipeline: PipelineBuilder,
  branch: Branch,
  sink: Sink,
  counters: RowCounters | null,
  only = false,
): void {
  const counted = counters === null ? null : new CountedNodes(pipeline);
  const [first] = branch.steps;
  const taken = first?.predicates ?? [];
  const steps = taken.length > 0 ? branch.steps.slice(1) : branch.steps;
  sink.begin?.(pipeline);
  const allocations = pipeline.allocations;
  const count = counted === null || first?.predicates === undefined ? null : () => counted.add(first.node);
  const body = (row: Row, rest: readonly BoundExpression[], isCounted = false): void => {
    if (branchWork(branch) > 1) emitCancelCheck(pipeline);
    emitFilter(pipeline, row, rest, (passed) => {
      if (!isCounted) count?.();
      emitSteps(pipeline, steps, passed, counted, (last) => sink.consume(pipeline, last));
    });
  };
  const lanes = only && steps.length === 0 ? (branch.source.lanes?.(taken) ?? null) : null;
  const passed = lanes === null ? null : (sink.consumeLanes?.(pipeline, lanes) ?? null);
  if (passed === null) branch.source.emit(pipeline, taken, body, { tests: testsOf(steps), count });
  else if (first?.predicates !== undefined) counted?.add(first.node, passed);
  if (counters !== null) counted?.flush(counters);
  sink.end?.(pipeline);
  if (pipeline.allocations > allocations && sink.forgets?.() === true) {
    const mark = new MemoryMark(pipeline);
    pipeline.f.prologue(() => mark.set());
    mark.restore();
  }
}

/** The tests of the steps up to the first that may change what a column is. */
function testsOf(steps: readonly Step[]): readonly RowTest[] {
  const changing = steps.findIndex(({ tests, predicates }) => tests === undefined && predicates === undefined);
  return (changing < 0 ? steps : steps.slice(0, changing)).flatMap(({ tests = [] }) => tests);
}

/** The work of its steps for one row, in rows. */
export function branchWork({ steps }: Branch): number {
  return steps.reduce((product, { work = 1 }) => product * work, 1);
}

/** Traps when the query is to end; whoever asked for that has the reason. */
function emitCancelCheck({ f, shared }: PipelineBuilder): void {
  f.get(shared).atomic('i32.atomic.load', SHARED.done);
  f.ifThen(() => f.unreachable());
}

function emitSteps(
  pipeline: PipelineBuilder,
  steps: readonly Step[],
  row: Row,
  counted: CountedNodes | null,
  consume: (row: Row) => void,
): void {
  const [step, ...rest] = steps;
  if (step === undefined) {
    consume(row);
    return;
  }
  step.emit(pipeline, row, (next) => {
    counted?.add(step.node);
    emitSteps(pipeline, rest, next, counted, consume);
  });
}

/**
 * Calls `next` for rows that meet all predicates, in their order; cheap neighbours are tested together, without branches.
 * What a predicate computed is there for the code behind it; texts made for a row that goes no further are given back.
 */
export function emitFilter(
  pipeline: PipelineBuilder,
  row: Row,
  predicates: readonly BoundExpression[],
  next: (row: Row) => void,
): void {
  const [first, ...others] = predicates;
  if (first === undefined) {
    next(row);
    return;
  }
  const mark = makesTexts(first) ? new MemoryMark(pipeline) : null;
  mark?.set();
  emitCondition(row, first);
  let together = 0;
  for (const predicate of others) {
    if (!isCheap(predicate)) break;
    emitCondition(row, predicate);
    row.f.op('i32.and');
    together++;
  }
  const pass = (): void => emitFilter(pipeline, row.branch(), others.slice(together), next);
  if (mark === null) row.f.ifThen(pass);
  else row.f.ifElse(pass, () => mark.restore());
}

function makesTexts(predicate: BoundExpression): boolean {
  return someExpression(predicate, (each) => each.type.kind === 'text' && each.kind !== 'column' && !isLeaf(each));
}

/** Row counts in locals, added to the thread's block at the end of the morsel. */
class CountedNodes {
  readonly #pipeline: PipelineBuilder;
  readonly #counts = new Map<number, Local>();

  constructor(pipeline: PipelineBuilder) {
    this.#pipeline = pipeline;
  }

  /** One row, or as many as the i64 local says. */
  add(node: number | null, rows?: Local): void {
    if (node === null) return;
    const { f } = this.#pipeline;
    const count = this.#counts.get(node) ?? f.local('i64');
    this.#counts.set(node, count);
    f.get(count);
    if (rows === undefined) f.i64(1n);
    else f.get(rows);
    f.op('i64.add').set(count);
  }

  flush(counters: RowCounters): void {
    const { f, local } = this.#pipeline;
    for (const [node, count] of this.#counts) {
      const slot = counters.slot(node);
      f.get(local).get(local).load('i64.load', slot).get(count).op('i64.add').store('i64.store', slot);
    }
  }
}
