import type { BoundExpression, Column } from '../../../../planner/expression.ts';
import type { HashJoin } from '../../../../planner/physical/plan.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { NO_SPAN } from '../../../types/span.ts';
import { pushComparison } from '../../expression/compare.ts';
import { emitExpression } from '../../expression/emit.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import { pushIsNull } from '../../expression/values.ts';
import type { Row, Step, Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowField, RowLayout } from '../../rows/layout.ts';
import { recordColumns } from '../../rows/row-source.ts';
import { type BuildKey, BuildSink, buildSide, isIndexable, type KeyRange } from './build.ts';
import { buildDirectory, type DirectoryKey, type JoinTable } from './directory.ts';
import { noRows, withoutMatches } from './empty.ts';
import { keyTest } from './key-filter.ts';
import { type ComparedPair, comparedBy, emitMatches, type Match, nullRecord } from './match.ts';
import { keyIsNull, probe } from './probe.ts';
import { joinInputs } from './reduce-build.ts';

/**
 * Collects the build side, chains it into a directory, and adds the probe to the other side's stream.
 *
 * A null-aware join with one key and nothing else needs only to know whether the build side had a NULL. With more (a
 * correlated NOT IN), the pair is not searched by but compared with each record that the other keys lead to. So is a
 * comparison that is no equality.
 */
export async function lowerHashJoin(plan: HashJoin, run: QueryRun): Promise<Stream> {
  const correlated = plan.nullAware && (plan.compared !== null || plan.keys.length > 1 || plan.residual.length > 0);
  const side = buildSide(plan);
  const pair = correlated && plan.compared === null ? side.keys[0] : undefined;
  const sink = new BuildSink(run.memory, side, (key) => key.nullSafe || key === pair, plan.type === 'left');
  const inputs = await joinInputs(plan, run);
  if (inputs === null) return noRows(plan.columns);
  const blocks = await run.drain(inputs.build, sink);
  const records = sink.records(blocks);
  const range = sink.range(blocks);
  if (records.rows === 0 && !range.nulls) return withoutMatches(plan, inputs.probe, plan.build);
  if (plan.type === 'anti' && plan.nullAware && !correlated && range.nulls) return noRows(plan.columns);
  if (records.rows === 0 && (plan.type === 'inner' || plan.type === 'semi')) return noRows(plan.columns);
  const searched = side.keys.filter((key) => key !== pair);
  const keys = searched.map(({ column, nullSafe }): DirectoryKey => ({ field: fieldOf(records.layout, column), nullSafe }));
  const indexable = searched.length === 1 && searched.every((key) => !key.nullSafe && isIndexable(key.expression.type));
  const table = await buildDirectory(run, records, keys, indexable && !correlated ? range : null, isSelective(plan));
  const step = probeStep(plan, table, range, pair);
  return addStep(await inputs.probe(), plan.columns, step);
}

/** At most this part of the rows may find a record for testing them first to pay. */
const SELECTIVE = 0.5;

/** Whether few rows of the probe side, as far as the planner can tell, find a record, and the others are dropped. */
function isSelective({ type, estimate, probe }: HashJoin): boolean {
  return (type === 'inner' || type === 'semi') && estimate.rows < probe.estimate.rows * SELECTIVE;
}

/** `compared`: the key of a correlated IN, which is not searched by. */
function probeStep(plan: HashJoin, table: JoinTable, range: KeyRange, compared: BuildKey | undefined): Step {
  const { layout, rows } = table.records;
  const [pair, ...others] = plan.keys;
  const expressions = (compared === undefined ? plan.keys : others).map((key) => key.probe);
  const visible = new Set(plan.build.columns.map(({ id }) => id));
  if (compared !== undefined) visible.add(compared.column.id);
  return {
    node: plan.node,
    tests: plan.type === 'inner' || plan.type === 'semi' ? keyTest(table.filter, expressions[0]) : [],
    ...(table.unique || (plan.type !== 'inner' && plan.type !== 'left') ? {} : { expansion: rows }),
    emit(pipeline, row, next) {
      const comparedWith = (): ComparedPair | null => {
        if (plan.compared !== null) return comparedBy(plan.compared);
        return compared === undefined || pair === undefined ? null : comparedPair(pair.probe, compared.column, row);
      };
      const candidates = probe(pipeline, row, table, expressions);
      const match: Match = {
        type: plan.type,
        predicates: plan.residual,
        mark: plan.mark,
        compared: comparedWith(),
        pushUnknown: plan.nullAware ? unknownWithoutMatch(plan, row, range) : null,
        columns: (record) => new Map([...recordColumns(pipeline, layout, record)].filter(([id]) => visible.has(id))),
        pushNullRecord: () => pipeline.f.get(pipeline.constant(nullRecord(layout))),
      };
      emitMatches(pipeline, row, candidates, match, next);
    },
  };
}

/** A row without a match is unknown where its key is NULL, or any key of the build side is. */
function unknownWithoutMatch(plan: HashJoin, row: Row, range: KeyRange): (() => void) | null {
  const [pair] = plan.keys;
  if (range.nulls) return () => row.f.i32(1);
  const isNull = pair === undefined ? null : keyIsNull(row, pair.probe);
  return isNull === null ? null : () => row.f.get(isNull);
}

/** The pair of keys that a correlated IN compares; `column` is where the build side stores its own. */
function comparedPair(probed: BoundExpression, column: Column, row: Row): ComparedPair {
  const { f } = row;
  const value = emitExpression(row, probed);
  return {
    pushEqual: (candidate) => pushComparison(emitContextOf(candidate, NO_SPAN), 'equal', value, candidate.column(column.id)),
    pushNull: (candidate) => {
      pushIsNull(f, value);
      pushIsNull(f, candidate.column(column.id));
      f.op('i32.or');
    },
  };
}

function fieldOf(layout: RowLayout, column: Column): RowField {
  const field = layout.byColumn.get(column.id);
  if (field === undefined) throw new LumaError(SQLSTATE.internalError, `the build side did not store ${column.name}`);
  return field;
}
