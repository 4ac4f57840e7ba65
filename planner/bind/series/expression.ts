import type {
  NumberLiteral,
  Selector,
  SeriesExpression,
  SeriesKind,
  SeriesNegate,
  StringLiteral,
} from '../../../grammars/ast/series.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { METRIC_NAME } from '../../../src/types/series.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import type { SeriesPlan, StepGrid } from '../../series-plan.ts';
import type { BindSession } from '../session.ts';
import { bindAggregation } from './aggregation.ts';
import { bindSeriesBinary } from './binary.ts';
import { bindSeriesCall } from './call.ts';
import { expectKind, isInstant, kindOf, reachOf, type SeriesContext, sampleTimeOf } from './context.ts';
import { sortedLabels, withoutName } from './labels.ts';
import { bindRange, rangeLabels } from './range.ts';
import { sourceLabels, sourcesOfSelector } from './source.ts';

export type LogicalSeries = SeriesPlan<LogicalPlan>;

type OfKind<K extends SeriesKind> = SeriesExpression & { readonly kind: K };

/** One entry per kind: a kind without an entry fails compilation. Range vectors stand only where a function takes one. */
const BIND: {
  readonly [K in SeriesKind]: (expression: OfKind<K>, context: SeriesContext) => LogicalSeries;
} = {
  selector: bindSelector,
  range_selector: misplacedRange,
  subquery: misplacedRange,
  number: bindNumber,
  string: bindString,
  series_call: bindSeriesCall,
  aggregation: bindAggregation,
  series_binary: bindSeriesBinary,
  series_negate: bindNegate,
};

/** A whole series expression on the grid of its query. A range vector is allowed at one instant: the samples themselves. */
export function bindSeriesExpression(expression: SeriesExpression, grid: StepGrid, session: BindSession): LogicalSeries {
  const context: SeriesContext = { session, query: grid, grid };
  if (kindOf(expression, session) !== 'range') return bindSeriesNode(expression, context);
  if (!isInstant(grid)) throw misplaced(expression, 'a query over a range of time gives an instant vector or a scalar');
  const input = bindRange(expression, context);
  return { kind: 'series_raw', grid, type: 'vector', labels: rangeLabels(input), span: expression.span, input };
}

export function bindSeriesNode(expression: SeriesExpression, context: SeriesContext): LogicalSeries {
  // TypeScript cannot see that the entry found by `kind` takes this very expression.
  const bind = BIND[expression.kind] as (expression: SeriesExpression, context: SeriesContext) => LogicalSeries;
  return bind(expression, context);
}

/** The newest sample within the lookback at each step; an unknown metric is an empty vector (Prometheus, Staleness). */
function bindSelector(selector: Selector, context: SeriesContext): LogicalSeries {
  const { session, grid } = context;
  const sampleTime = sampleTimeOf(selector, context);
  const sources = sourcesOfSelector(selector, reachOf(grid, sampleTime, session.lookback), session);
  return {
    kind: 'series_select',
    grid,
    type: 'vector',
    labels: sources.length === 0 ? [] : sortedLabels([METRIC_NAME, ...sourceLabels(sources)]),
    span: selector.span,
    sources,
    lookback: session.lookback,
    sampleTime,
  };
}

function bindNumber({ value, span }: NumberLiteral, { grid }: SeriesContext): LogicalSeries {
  return { kind: 'series_number', grid, type: 'scalar', labels: [], span, value };
}

function bindString({ value, span }: StringLiteral, { grid }: SeriesContext): LogicalSeries {
  return { kind: 'series_string', grid, type: 'scalar', labels: [], span, value };
}

function bindNegate(negate: SeriesNegate, context: SeriesContext): LogicalSeries {
  expectKind(negate.operand, ['scalar', 'vector'], 'unary expression', context.session);
  const operand = bindSeriesNode(negate.operand, context);
  const { grid, type } = operand;
  return { kind: 'series_negation', grid, type, labels: withoutName(operand.labels), span: negate.span, operand };
}

function misplacedRange(expression: SeriesExpression): never {
  throw misplaced(expression, 'a range vector stands only as the argument of a function');
}

function misplaced(expression: SeriesExpression, rule: string): LumaError {
  return new LumaError(SQLSTATE.datatypeMismatch, `a range vector cannot stand here: ${rule}`, {
    span: expression.span,
    hint: 'Use a function such as rate() or last_over_time().',
  });
}
