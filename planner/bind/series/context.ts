import type { At, SeriesExpression } from '../../../grammars/ast/series.ts';
import { KIND_NAMES, type SeriesValueKind, seriesKindOf } from '../../../grammars/ast/series-kind.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { SampleTime, StepGrid } from '../../series-plan.ts';
import type { BindSession } from '../session.ts';

/** Where a series expression stands. */
export interface SeriesContext {
  readonly session: BindSession;
  /** The grid of the whole query: `@ start()` and `@ end()`. */
  readonly query: StepGrid;
  /** The grid on which this expression is evaluated: the query's, or a subquery's. */
  readonly grid: StepGrid;
}

/** Sample times in ms: after `after`, up to and including `until`. */
export interface TimeRange {
  readonly after: number;
  readonly until: number;
}

/** An instant query: one step. */
export function isInstant(grid: StepGrid): boolean {
  return grid.step === 0 || grid.start === grid.end;
}

export function sampleTimeOf(modifiers: { readonly at: At | null; readonly offset: number }, context: SeriesContext): SampleTime {
  return { at: pinnedTime(modifiers.at, context.query), offset: modifiers.offset };
}

function pinnedTime(at: At | null, query: StepGrid): number | null {
  switch (at?.type) {
    case undefined:
      return null;
    case 'time':
      return at.time;
    case 'start':
      return query.start;
    case 'end':
      return query.end;
  }
}

/** All sample times that windows of `range` ms can reach, over every step of the grid. */
export function reachOf(grid: StepGrid, time: SampleTime, range: number): TimeRange {
  const last = grid.step === 0 ? grid.end : grid.start + Math.floor((grid.end - grid.start) / grid.step) * grid.step;
  return { after: (time.at ?? grid.start) - time.offset - range, until: (time.at ?? last) - time.offset };
}

/** What an expression gives. Calls of unknown functions throw 42883. */
export function kindOf(expression: SeriesExpression, { catalog }: BindSession): SeriesValueKind {
  return seriesKindOf(expression, ({ name, span }) => catalog.functions.series(name, span).returns);
}

/** 42804 unless the expression is of one of the kinds. */
export function expectKind(
  expression: SeriesExpression,
  kinds: readonly SeriesValueKind[],
  where: string,
  session: BindSession,
): void {
  const kind = kindOf(expression, session);
  if (kinds.includes(kind)) return;
  const wanted = kinds.map((each) => KIND_NAMES[each]).join(' or ');
  throw new LumaError(SQLSTATE.datatypeMismatch, `expected type ${wanted} in ${where}, got ${KIND_NAMES[kind]}`, {
    span: expression.span,
  });
}
