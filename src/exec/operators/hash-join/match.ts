import type { BoundExpression, Column, ColumnId } from '../../../../planner/expression.ts';
import type { PhysicalJoinType } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import { BOOLEAN } from '../../../types/data-type.ts';
import type { Label, Local } from '../../../wasm/function-builder.ts';
import { emitCondition, emitExpression } from '../../expression/emit.ts';
import { only, pushIsNull } from '../../expression/values.ts';
import type { PipelineBuilder, Row } from '../../pipeline/stream.ts';
import type { RowLayout } from '../../rows/layout.ts';

/** The records that may match a row of the preserved side, one after the other. */
export interface Candidates {
  /** i32: the current candidate's address; 0 behind the last. */
  readonly record: Local;
  /** At most one candidate comes at all. */
  readonly single: boolean;
  /** At most one candidate passes `check`. */
  readonly unique: boolean;
  /** Sets `record` to the first candidate. */
  first(): void;
  /** Goes to `skip` when the candidate's keys differ. */
  check(skip: Label): void;
  /** Sets `record` to the next candidate. */
  next(): void;
}

/** A pair compared with three values: a candidate that is neither equal nor certainly different leaves the answer open. */
export interface ComparedPair {
  /** Leaves 1 when the pair is equal (nothing is known of NULLs). */
  pushEqual(candidate: Row): void;
  /** Leaves 1 when either is NULL. */
  pushNull(candidate: Row): void;
}

/** A comparison that may be NULL. */
export function comparedBy(predicate: BoundExpression): ComparedPair {
  return {
    pushEqual: (candidate) => candidate.f.get(only(emitExpression(candidate, predicate))),
    pushNull: (candidate) => pushIsNull(candidate.f, emitExpression(candidate, predicate)),
  };
}

export interface Match {
  readonly type: PhysicalJoinType;
  /** Further predicates over both sides. */
  readonly predicates: readonly BoundExpression[];
  readonly mark: Column | null;
  /** Anti and mark: the pair of a correlated NOT IN or IN. */
  readonly compared: ComparedPair | null;
  /** Anti and mark: leaves 1 when a row without a match has an unknown answer; null when it never has. */
  readonly pushUnknown: (() => void) | null;
  /** The other side's columns in the candidate. */
  columns(record: Local): ReadonlyMap<ColumnId, (row: Row) => Value>;
  /** Left: pushes the address of a record whose fields are all NULL. */
  pushNullRecord(): void;
}

/** The bytes of a record whose fields are all NULL. */
export function nullRecord(layout: RowLayout): Uint8Array {
  return new Uint8Array(layout.width).fill(0xff, layout.nullOffset, layout.nullOffset + layout.nullBytes);
}

/** Emits what a join makes of one row of its preserved side; `next` is called once at generation time. */
export function emitMatches(
  pipeline: PipelineBuilder,
  row: Row,
  candidates: Candidates,
  match: Match,
  next: (row: Row) => void,
): void {
  if (match.type === 'inner') emitInner(pipeline, row, candidates, match, next);
  else if (match.type === 'left') emitLeft(pipeline, row, candidates, match, next);
  else emitExistence(pipeline, row, candidates, match, next);
}

/** Calls `matched` inside the loop over the candidates; `done` is behind the loop. */
function emitLoop(
  { f }: PipelineBuilder,
  row: Row,
  candidates: Candidates,
  match: Match,
  matched: (candidate: Row, done: Label) => void,
): void {
  const { record } = candidates;
  const test = (skip: Label, done: Label): void => {
    candidates.check(skip);
    const candidate = row.branch().with(match.columns(record));
    emitPredicates(candidate, match.predicates, skip);
    matched(candidate, done);
  };
  candidates.first();
  f.block((done) => {
    if (candidates.single) {
      f.get(record).op('i32.eqz').brIf(done);
      test(done, done);
      return;
    }
    f.loop((again) => {
      f.get(record).op('i32.eqz').brIf(done);
      f.block((skip) => test(skip, done));
      candidates.next();
      f.br(again);
    });
  });
}

function emitPredicates(row: Row, predicates: readonly BoundExpression[], skip: Label): void {
  for (const predicate of predicates) {
    emitCondition(row, predicate);
    row.f.op('i32.eqz').brIf(skip);
  }
}

function emitInner(pipeline: PipelineBuilder, row: Row, candidates: Candidates, match: Match, next: (row: Row) => void): void {
  emitLoop(pipeline, row, candidates, match, (candidate, done) => {
    next(candidate);
    if (candidates.unique && !candidates.single) pipeline.f.br(done);
  });
}

/**
 * The code behind the join stands once, for matches and for the row without one: behind the last candidate of a row that
 * found none comes a record that is all NULL.
 */
function emitLeft(pipeline: PipelineBuilder, row: Row, candidates: Candidates, match: Match, next: (row: Row) => void): void {
  const { f } = pipeline;
  const { record } = candidates;
  const [found, missing] = [f.local('i32'), f.local('i32')];
  f.i32(0).set(found);
  f.i32(0).set(missing);
  candidates.first();
  f.block((done) => {
    f.loop((again) => {
      f.get(record);
      f.ifElse(
        () => {
          f.block((matched) => {
            f.block((skip) => {
              candidates.check(skip);
              emitPredicates(row.branch().with(match.columns(record)), match.predicates, skip);
              f.br(matched);
            });
            candidates.next();
            f.br(again);
          });
        },
        () => {
          f.get(found).brIf(done);
          match.pushNullRecord();
          f.tee(record).set(missing);
        },
      );
      f.get(found).get(record).op('i32.or').set(found);
      next(row.branch().with(match.columns(record)));
      if (candidates.single || candidates.unique) f.br(done);
      f.get(missing).brIf(done);
      candidates.next();
      f.br(again);
    });
  });
}

/** Semi, anti, mark: whether a match exists. */
function emitExistence(
  pipeline: PipelineBuilder,
  row: Row,
  candidates: Candidates,
  match: Match,
  next: (row: Row) => void,
): void {
  const { f } = pipeline;
  const { compared, mark } = match;
  const [found, open] = [f.local('i32'), f.local('i32')];
  f.i32(0).set(found);
  if (compared !== null) f.i32(0).set(open);
  emitLoop(pipeline, row, candidates, match, (candidate, done) => {
    if (compared === null) {
      f.i32(1).set(found);
      if (!candidates.single) f.br(done);
      return;
    }
    compared.pushNull(candidate);
    f.ifElse(
      () => f.i32(1).set(open),
      () => {
        compared.pushEqual(candidate);
        f.ifThen(() => f.i32(1).set(found).br(done));
      },
    );
  });
  const unknown = compared === null ? match.pushUnknown : () => f.get(open);
  if (match.type === 'semi') {
    f.get(found).ifThen(() => next(row.branch()));
    return;
  }
  let isNull: Local | null = null;
  if (unknown !== null) {
    isNull = f.local('i32');
    unknown();
    f.get(found).op('i32.eqz').op('i32.and').set(isNull);
  }
  if (match.type === 'anti') {
    f.get(found);
    if (isNull !== null) f.get(isNull).op('i32.or');
    f.op('i32.eqz').ifThen(() => next(row.branch()));
  } else if (mark !== null) {
    const value: Value = { type: BOOLEAN, locals: [found], isNull, bounds: null };
    next(row.with(new Map([[mark.id, () => value]])));
  }
}
