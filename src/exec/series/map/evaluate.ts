import type { SeriesMap } from '../../../../planner/series-plan.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../types/error.ts';
import type { QueryRun } from '../../query-run.ts';
import { inLabelOrder, labelSet, NO_LABELS, withoutName } from '../labels/labels.ts';
import { mergeEqualSeries } from '../labels/unique.ts';
import { cellsOf, type Matrix, newMatrix, relabeled } from '../matrix.ts';
import { DATE_PARTS } from './dates.ts';
import { ELEMENT_FUNCTIONS, mapElements } from './elementwise.ts';
import { labelJoin, labelReplace } from './label-functions.ts';

/** An evaluated argument: a matrix, or the text of a string literal. */
export type Argument = Matrix | string;

/** A function of whole vectors and scalars. */
export async function evaluateMap(run: QueryRun, plan: SeriesMap<unknown>, arguments_: readonly Argument[]): Promise<Matrix> {
  const element = ELEMENT_FUNCTIONS[plan.function];
  const datePart = DATE_PARTS[plan.function];
  const matrices = arguments_.filter((argument) => typeof argument !== 'string');
  const texts = arguments_.filter((argument) => typeof argument === 'string');
  const [operand, ...parameters] = matrices;
  if (operand === undefined) return constantMap(run, plan);
  if (element !== undefined) {
    const mapped = await mapElements(run, plan.function, element, operand, parameters, withoutName);
    return mergeEqualSeries(run, plan.function === 'clamp' ? withoutEmptyRange(run, mapped, parameters) : mapped, plan.span);
  }
  if (datePart !== undefined) return mergeEqualSeries(run, mapCells(run, operand, datePart), plan.span);
  switch (plan.function) {
    case 'vector':
      return { ...operand, series: [NO_LABELS] };
    case 'scalar':
      return scalar(run, operand);
    case 'timestamp':
      return mergeEqualSeries(run, stepTimes(run, plan, operand), plan.span);
    case 'absent':
      return absent(run, operand, texts);
    case 'sort':
      return sorted(run, operand, 1);
    case 'sort_desc':
      return sorted(run, operand, -1);
    case 'label_replace':
      return mergeEqualSeries(run, relabeled(operand, labelReplace(texts, plan.span)), plan.span);
    case 'label_join':
      return mergeEqualSeries(run, relabeled(operand, labelJoin(texts)), plan.span);
    default:
      throw notSupported(`the series function ${plan.function}`, { span: plan.span });
  }
}

/** Functions without a vector: `time()`, `pi()`. */
function constantMap(run: QueryRun, plan: SeriesMap<unknown>): Matrix {
  const { grid } = plan;
  const value = { time: (step: number) => (grid.start + step * grid.step) / 1000, pi: () => Math.PI }[plan.function];
  if (value === undefined) throw new LumaError(SQLSTATE.internalError, `${plan.function} without arguments`, { span: plan.span });
  return scalarMatrix(run, grid.step <= 0 ? 1 : Math.floor((grid.end - grid.start) / grid.step) + 1, value);
}

/** A scalar: a value at every step. */
export function scalarMatrix(run: QueryRun, steps: number, value: (step: number) => number): Matrix {
  const matrix = newMatrix(run, [NO_LABELS], steps);
  const { values, present } = cellsOf(run, matrix);
  for (let step = 0; step < steps; step++) values[step] = value(step);
  present.fill(1);
  return matrix;
}

/** `clamp` between bounds that are the wrong way round gives nothing (promql/functions.go: funcClamp). */
function withoutEmptyRange(run: QueryRun, matrix: Matrix, [low, high]: readonly Matrix[]): Matrix {
  if (low === undefined || high === undefined) return matrix;
  const [lows, highs] = [cellsOf(run, low).values, cellsOf(run, high).values];
  const empty = (step: number): boolean => (lows[step] ?? Number.NaN) > (highs[step] ?? Number.NaN);
  if (!lows.some((_, step) => empty(step))) return matrix;
  const result = { ...matrix, present: newMatrix(run, matrix.series, matrix.steps).present };
  const [from, to] = [cellsOf(run, matrix).present, cellsOf(run, result).present];
  for (let cell = 0; cell < from.length; cell++) to[cell] = empty(cell % matrix.steps) ? 0 : (from[cell] ?? 0);
  return result;
}

function mapCells(run: QueryRun, operand: Matrix, of: (value: number) => number): Matrix {
  const result = { ...newMatrix(run, operand.series.map(withoutName), operand.steps), present: operand.present };
  const from = cellsOf(run, operand).values;
  const to = cellsOf(run, result).values;
  for (let cell = 0; cell < from.length; cell++) to[cell] = of(from[cell] ?? Number.NaN);
  return result;
}

/** The value of the only series, NaN where there is none or there are several. */
function scalar(run: QueryRun, operand: Matrix): Matrix {
  const { values, present } = cellsOf(run, operand);
  return scalarMatrix(run, operand.steps, (step) => {
    let only = -1;
    for (let row = 0; row < operand.series.length; row++) {
      if (present[row * operand.steps + step] !== 1) continue;
      if (only >= 0) return Number.NaN;
      only = row;
    }
    return only < 0 ? Number.NaN : (values[only * operand.steps + step] ?? Number.NaN);
  });
}

/** `timestamp` of anything but a selector is the time of the step. */
function stepTimes(run: QueryRun, { grid }: SeriesMap<unknown>, operand: Matrix): Matrix {
  const result = { ...newMatrix(run, operand.series.map(withoutName), operand.steps), present: operand.present };
  const { values } = cellsOf(run, result);
  for (let cell = 0; cell < values.length; cell++) values[cell] = (grid.start + (cell % operand.steps) * grid.step) / 1000;
  return result;
}

/** 1 at the steps where no series has a value; `texts` are the labels it gets, name and value in turn. */
export function absent(run: QueryRun, operand: Matrix, texts: readonly string[]): Matrix {
  const pairs = texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? ''] as const] : []));
  const result = newMatrix(run, [labelSet(pairs)], operand.steps);
  const from = cellsOf(run, operand).present;
  const { values, present } = cellsOf(run, result);
  for (let step = 0; step < operand.steps; step++) {
    const any = operand.series.some((_, row) => from[row * operand.steps + step] === 1);
    values[step] = 1;
    present[step] = any ? 0 : 1;
  }
  return result;
}

/** By the value at the first step: sorting is for instant queries, and changes nothing else. NaN comes last. */
function sorted(run: QueryRun, operand: Matrix, direction: 1 | -1): Matrix {
  if (operand.steps !== 1) return operand;
  const from = cellsOf(run, operand);
  const rows = inLabelOrder([...operand.series.keys()], operand.series);
  const order = rows.sort((a, b) => {
    const [x, y] = [from.values[a] ?? Number.NaN, from.values[b] ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return direction * (x - y);
  });
  const result = newMatrix(
    run,
    order.flatMap((row) => operand.series[row] ?? []),
    1,
  );
  const to = cellsOf(run, result);
  order.forEach((row, i) => {
    to.values[i] = from.values[row] ?? Number.NaN;
    to.present[i] = from.present[row] ?? 0;
  });
  return result;
}
