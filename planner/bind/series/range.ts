import type { RangeSelector, SeriesExpression, Subquery } from '../../../grammars/ast/series.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { METRIC_NAME } from '../../../src/types/series.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import type { RangeInput, SampleTime, StepGrid } from '../../series-plan.ts';
import { expectKind, reachOf, type SeriesContext, sampleTimeOf } from './context.ts';
import { bindSeriesNode } from './expression.ts';
import { sortedLabels } from './labels.ts';
import { sourceLabels, sourcesOfSelector } from './source.ts';

/** A range vector: the raw samples of a selector, or the steps of a subquery. */
export function bindRange(expression: SeriesExpression, context: SeriesContext): RangeInput<LogicalPlan> {
  if (expression.kind === 'range_selector') return bindSamples(expression, context);
  if (expression.kind === 'subquery') return bindSubquery(expression, context);
  throw new LumaError(SQLSTATE.datatypeMismatch, 'expected a range vector', { span: expression.span });
}

/** Every label its series may carry, the name included. */
export function rangeLabels(input: RangeInput<LogicalPlan>): readonly string[] {
  if (input.type === 'subquery') return input.plan.labels;
  return input.sources.length === 0 ? [] : sortedLabels([METRIC_NAME, ...sourceLabels(input.sources)]);
}

function bindSamples({ selector, range }: RangeSelector, context: SeriesContext): RangeInput<LogicalPlan> {
  const sampleTime = sampleTimeOf(selector, context);
  const sources = sourcesOfSelector(selector, reachOf(context.grid, sampleTime, range), context.session);
  return { type: 'samples', sources, range, sampleTime };
}

function bindSubquery(subquery: Subquery, context: SeriesContext): RangeInput<LogicalPlan> {
  const { session } = context;
  expectKind(subquery.expression, ['vector', 'scalar'], 'subquery', session);
  const sampleTime = sampleTimeOf(subquery, context);
  const step = subquery.step ?? session.evaluationInterval;
  const grid = subqueryGrid(context.grid, sampleTime, subquery.range, step);
  const plan = bindSeriesNode(subquery.expression, { ...context, grid });
  return { type: 'subquery', plan, range: subquery.range, sampleTime };
}

/**
 * The steps at which a subquery is evaluated: the multiples of its step that the outer steps' windows reach, the first
 * one after the left end of the first window (Prometheus, promql/engine.go: eval of SubqueryExpr, left-open as of 3.0).
 */
function subqueryGrid(outer: StepGrid, time: SampleTime, range: number, step: number): StepGrid {
  const { after, until } = reachOf(outer, time, range);
  const start = (Math.floor(after / step) + 1) * step;
  return { start, end: until, step };
}
