import type { Column, ColumnId } from '../../../../planner/expression.ts';
import { collectColumns } from '../../../../planner/expression-visit.ts';
import type { NestedLoopJoin } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Row, Step, Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Records, RowSink } from '../../rows/row-sink.ts';
import { recordColumns } from '../../rows/row-source.ts';
import { withoutMatches } from '../hash-join/empty.ts';
import { comparedBy, emitMatches, type Match, nullRecord } from '../hash-join/match.ts';
import { allRecords } from './candidates.ts';

/** Collects the inner side in records and compares every row of the outer one with all of them. */
export async function lowerNestedLoop(plan: NestedLoopJoin, run: QueryRun): Promise<Stream> {
  const inner = innerColumns(plan);
  const input = await run.lower(plan.inner);
  const stored = plan.type === 'left' ? addStep(input, inner, nullableStep(inner)) : input;
  const sink = new RowSink(inner);
  const records = sink.records(run.memory, await run.drain(stored, sink));
  if (records.rows === 0) return withoutMatches(plan, () => run.lower(plan.outer), plan.inner);
  return addStep(await run.lower(plan.outer), plan.columns, loopStep(plan, records));
}

/** The inner side's columns that are used above or in a predicate. */
function innerColumns(plan: NestedLoopJoin): readonly Column[] {
  const used = new Set<ColumnId>(plan.columns.map(({ id }) => id));
  for (const predicate of plan.predicates) collectColumns(predicate, used);
  return plan.inner.columns.filter(({ id }) => used.has(id));
}

/** A left join's row without a match has NULL in every column of the inner side. */
function nullableStep(columns: readonly Column[]): Step {
  return {
    node: null,
    emit: (_, row, next) => {
      const nullable = (below: Row, value: Value): Value =>
        value.isNull === null ? { ...value, isNull: below.f.local('i32') } : value;
      next(row.with(new Map(columns.map(({ id }) => [id, (below: Row) => nullable(below, below.column(id))] as const))));
    },
  };
}

function loopStep(plan: NestedLoopJoin, records: Records): Step {
  const { layout, rows } = records;
  const multiplies = plan.type === 'inner' || plan.type === 'left';
  const [first, ...others] = plan.predicates;
  const compared = plan.nullAware ? first : undefined;
  return {
    node: plan.node,
    ...(multiplies ? { expansion: rows } : {}),
    work: rows,
    emit(pipeline, row, next) {
      const match: Match = {
        type: plan.type,
        predicates: compared === undefined ? plan.predicates : others,
        mark: plan.mark,
        compared: compared === undefined ? null : comparedBy(compared),
        pushUnknown: null,
        columns: (record) => recordColumns(pipeline, layout, record),
        pushNullRecord: () => pipeline.f.get(pipeline.constant(nullRecord(layout))),
      };
      emitMatches(pipeline, row, allRecords(pipeline, records), match, next);
    },
  };
}
