import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Select } from '../../../grammars/ast/relation.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import {
  and,
  binary,
  call,
  caseOf,
  cast,
  column,
  countRows,
  filtered,
  float,
  isNotNull,
  isNull,
  item,
  select,
  table,
} from '../relation-build.ts';
import { type Context, define } from './context.ts';

import { quantile } from './quantile.ts';
import { extrapolated } from './rate.ts';
import { linear } from './regression.ts';
import { greatest, isReset, seconds } from './sample-values.ts';
import { labelColumns, labelItems, type Range, type Scalar, type Vector, withoutName } from './vector.ts';

/*
 * Functions of a range: aggregates over the samples of each step's window. Formulas after Prometheus 3,
 * promql/functions.go.
 */

type RangeFunction = (context: Context, name: string, range: Range, parameter: Scalar | null) => Vector;

/** One row for each series and step. */
export function overWindows(
  context: Context,
  name: string,
  range: Range,
  value: Expression,
  parts: Partial<Pick<Select, 'where' | 'having'>> = {},
): Vector {
  const labels = withoutName(range.labels);
  const keys = [...labelColumns(labels), column('time')];
  const body = select([...labelItems(labels), item(column('time'), 'time'), item(value, 'value')], table(range.table), {
    groupBy: keys,
    ...parts,
  });
  return { type: 'vector', table: define(context, name, body), labels };
}

const aggregate =
  (value: (sample: Expression) => Expression): RangeFunction =>
  (context, name, range) =>
    overWindows(context, name, range, value(column('value')));

/** One sample of each window, as it is: the result keeps the metric's name. */
const picked =
  (where: (range: Range) => Expression): RangeFunction =>
  (context, name, range) => {
    const items = [...labelItems(range.labels), item(column('time'), 'time'), item(column('value'), 'value')];
    const body = select(items, table(range.table), { where: where(range) });
    return { type: 'vector', table: define(context, name, body), labels: range.labels };
  };

/** Something of the last two samples of each window. */
const lastTwo =
  (value: (range: Range) => Expression): RangeFunction =>
  (context, name, range) => {
    const labels = withoutName(range.labels);
    const items = [...labelItems(labels), item(column('time'), 'time'), item(value(range), 'value')];
    const where = and([isNull(column(range.columns.next)), isNotNull(column(range.columns.previous))]);
    return { type: 'vector', table: define(context, name, select(items, table(range.table), { where })), labels };
  };

function countWhere(condition: Expression): Expression {
  return cast(filtered(countRows, condition), FLOAT64);
}

const lastDifference = ({ columns }: Range): Expression => binary('subtract', column('value'), column(columns.previous));

export const RANGE_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  rate: (context, name, range) => extrapolated(context, name, range, { counter: true, perSecond: true }),
  increase: (context, name, range) => extrapolated(context, name, range, { counter: true, perSecond: false }),
  delta: (context, name, range) => extrapolated(context, name, range, { counter: false, perSecond: false }),
  irate: lastTwo((range) => {
    const [value, previous] = [column('value'), column(range.columns.previous)];
    const growth = caseOf([[isReset(value, previous), value]], lastDifference(range));
    return binary('divide', growth, seconds(column(range.columns.sampleTime), column(range.columns.previousTime)));
  }),
  idelta: lastTwo(lastDifference),
  sum_over_time: aggregate((value) => call('sum', value)),
  avg_over_time: aggregate((value) => call('avg', value)),
  min_over_time: aggregate((value) => call('min', value)),
  max_over_time: aggregate(greatest),
  count_over_time: aggregate(() => cast(countRows, FLOAT64)),
  present_over_time: aggregate(() => float(1)),
  stddev_over_time: aggregate((value) => call('stddev_pop', value)),
  stdvar_over_time: aggregate((value) => call('var_pop', value)),
  last_over_time: picked((range) => isNull(column(range.columns.next))),
  first_over_time: picked((range) => isNull(column(range.columns.previous))),
  changes: (context, name, range) =>
    overWindows(context, name, range, countWhere(binary('not_equal', column('value'), column(range.columns.previous)))),
  resets: (context, name, range) =>
    overWindows(context, name, range, countWhere(isReset(column('value'), column(range.columns.previous)))),
  deriv: (context, name, range) => linear(context, name, range, null),
  predict_linear: (context, name, range, ahead) => linear(context, name, range, ahead),
  quantile_over_time: (context, name, range, phi) =>
    quantile(context, name, { table: range.table, labels: withoutName(range.labels) }, phi),
};
