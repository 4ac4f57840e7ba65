import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import type { RangeInput, SeriesMap, SeriesPlan, SeriesSelect, SeriesWindow } from '../../../planner/series-plan.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { METRIC_NAME } from '../../types/series.ts';
import type { QueryRun } from '../query-run.ts';
import { evaluateAggregation } from './aggregate/evaluate.ts';
import { evaluateBinary } from './binary/evaluate.ts';
import { withoutName } from './labels/labels.ts';
import { mergeEqualSeries } from './labels/unique.ts';
import { ELEMENT_FUNCTIONS, mapElements } from './map/elementwise.ts';
import { type Argument, absent, evaluateMap, scalarMatrix } from './map/evaluate.ts';
import { type Matrix, relabeled, stepCount } from './matrix.ts';
import { collectSamples } from './samples/collect.ts';
import { matrixSamples } from './samples/from-matrix.ts';
import type { Samples } from './samples/samples.ts';
import { withoutStale } from './samples/without-stale.ts';
import { selectSamples } from './select.ts';
import { evaluateWindows } from './window/evaluate.ts';
import { WINDOW_FUNCTIONS } from './window/functions.ts';
import { madOverTime, quantileOverTime } from './window/quantile.ts';

type Plan = SeriesPlan<PhysicalPlan>;

/** The value of a series expression at every step of its grid. Operands are evaluated first, one after the other. */
export async function evaluateSeries(run: QueryRun, plan: Plan): Promise<Matrix> {
  switch (plan.kind) {
    case 'series_number':
      return scalarMatrix(run, stepCount(plan.grid), () => plan.value);
    case 'series_select':
      return select(run, plan, 'value');
    case 'series_window':
      return mergeEqualSeries(run, await window(run, plan), plan.span);
    case 'series_map':
      return map(run, plan);
    case 'series_negation': {
      const operand = await evaluateSeries(run, plan.operand);
      const { negate } = ELEMENT_FUNCTIONS;
      if (negate === undefined) throw new LumaError(SQLSTATE.internalError, 'negation has no code');
      return mergeEqualSeries(run, await mapElements(run, 'negate', negate, operand, [], withoutName), plan.span);
    }
    case 'series_aggregate': {
      const parameter = plan.parameter === null ? null : await argument(run, plan.parameter);
      return evaluateAggregation(run, plan, await evaluateSeries(run, plan.operand), parameter);
    }
    case 'series_binary': {
      const left = await evaluateSeries(run, plan.left);
      return evaluateBinary(run, plan, left, await evaluateSeries(run, plan.right));
    }
    case 'series_raw':
    case 'series_string':
      throw new LumaError(
        SQLSTATE.datatypeMismatch,
        `a ${plan.kind === 'series_raw' ? 'range vector' : 'string'} has no value per step`,
        {
          span: plan.span,
        },
      );
  }
}

/** The samples that a range input reads; a subquery's steps are its samples. */
export async function rangeSamples(run: QueryRun, input: RangeInput<PhysicalPlan>): Promise<Samples> {
  if (input.type === 'samples') return withoutStale(run, await collectSamples(run, input.sources));
  return matrixSamples(run, await evaluateSeries(run, input.plan), input.plan.grid);
}

async function select(run: QueryRun, plan: SeriesSelect<PhysicalPlan>, part: 'value' | 'timestamp'): Promise<Matrix> {
  const samples = await collectSamples(run, plan.sources);
  return selectSamples(run, samples, plan.grid, plan.sampleTime, plan.lookback, part);
}

async function window(run: QueryRun, plan: SeriesWindow<PhysicalPlan>): Promise<Matrix> {
  const { input, grid } = plan;
  const parameters: Matrix[] = [];
  const texts: string[] = [];
  for (const parameter of plan.parameters) {
    const value = await argument(run, parameter);
    if (typeof value === 'string') texts.push(value);
    else parameters.push(value);
  }
  const samples = await rangeSamples(run, input);
  const [parameter] = parameters;
  const keep = (matrix: Matrix): Matrix => (plan.labels.includes(METRIC_NAME) ? matrix : relabeled(matrix, withoutName));
  const code = WINDOW_FUNCTIONS[plan.function === 'absent_over_time' ? 'present_over_time' : plan.function];
  if (code !== undefined) {
    const matrix = await evaluateWindows(run, plan.function, code, samples, grid, input.sampleTime, input.range, parameters);
    return plan.function === 'absent_over_time' ? absent(run, matrix, texts) : keep(matrix);
  }
  if (plan.function === 'quantile_over_time' && parameter !== undefined) {
    return keep(await quantileOverTime(run, samples, grid, input.sampleTime, input.range, parameter));
  }
  if (plan.function === 'mad_over_time') return keep(await madOverTime(run, samples, grid, input.sampleTime, input.range));
  throw notSupported(`the series function ${plan.function}`, { span: plan.span });
}

async function map(run: QueryRun, plan: SeriesMap<PhysicalPlan>): Promise<Matrix> {
  const [first] = plan.arguments;
  if (plan.function === 'timestamp' && first?.kind === 'series_select') {
    return mergeEqualSeries(run, relabeled(await select(run, first, 'timestamp'), withoutName), plan.span);
  }
  const arguments_: Argument[] = [];
  for (const each of plan.arguments) arguments_.push(await argument(run, each));
  return evaluateMap(run, plan, arguments_);
}

async function argument(run: QueryRun, plan: Plan): Promise<Argument> {
  return plan.kind === 'series_string' ? plan.value : evaluateSeries(run, plan);
}
