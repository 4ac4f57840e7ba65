import type { Expression } from '../../../grammars/ast/expression.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import { binary, call, caseOf, cast, column, countRows, float, integer, item, over, select, table } from '../relation-build.ts';
import { type Context, define, freeName } from './context.ts';
import { divided } from './float.ts';
import { seconds } from './sample-values.ts';
import { joinScalars, labelColumns, labelItems, type Range, type Scalar, type Vector, withoutName } from './vector.ts';

/**
 * deriv and predict_linear: simple linear regression over each window (Prometheus 3, promql/functions.go,
 * linearRegression). Times count from the first sample for the slope, from the step for a prediction `ahead` seconds on.
 */
export function linear(context: Context, name: string, range: Range, ahead: Scalar | null): Vector {
  const labels = withoutName(range.labels);
  const taken = new Set([...labels, 'time', 'value']);
  const names = ['x', 'n', 'sum_x', 'sum_y', 'sum_xy', 'sum_xx', 'low', 'high', 'ahead'].map((each) => freeName(each, taken));
  const [x = '', n = '', sumX = '', sumY = '', sumXY = '', sumXX = '', low = '', high = '', lead = ''] = names;
  const keys = [...labelColumns(labels), column('time')];
  const keyItems = [...labelItems(labels), item(column('time'), 'time')];
  const sampleTime = column(range.columns.sampleTime);
  const origin = ahead === null ? over(call('min', sampleTime), keys) : column('time');
  const points = define(
    context,
    `${name}_points`,
    select([...keyItems, item(seconds(sampleTime, origin), x), item(column('value'), 'value')], table(range.table)),
  );
  const y = column('value');
  const sum = (term: Expression): Expression => call('sum', term);
  const sums = define(
    context,
    `${name}_sums`,
    select(
      [
        ...keyItems,
        item(cast(countRows, FLOAT64), n),
        item(sum(column(x)), sumX),
        item(sum(y), sumY),
        item(sum(binary('multiply', column(x), y)), sumXY),
        item(sum(binary('multiply', column(x), column(x))), sumXX),
        item(call('min', y), low),
        item(call('max', y), high),
      ],
      table(points),
      { groupBy: keys, having: binary('greater', countRows, integer(1)) },
    ),
  );
  const mean = (a: string, b: string): Expression => binary('divide', binary('multiply', column(a), column(b)), column(n));
  const covariance = binary('subtract', column(sumXY), mean(sumX, sumY));
  const variance = binary('subtract', column(sumXX), mean(sumX, sumX));
  const fitted = divided(covariance, variance);
  // A line without slope is exact; infinities and NaN take the formula and become NaN.
  const flat = binary(
    'and',
    binary('equal', column(low), column(high)),
    binary('less', call('abs', column(low)), float(Number.POSITIVE_INFINITY)),
  );
  const slope = caseOf([[flat, float(0)]], fitted);
  if (ahead === null) {
    const body = select([...keyItems, item(slope, 'value')], table(sums));
    return { type: 'vector', table: define(context, name, body), labels };
  }
  const intercept = binary(
    'subtract',
    binary('divide', column(sumY), column(n)),
    binary('divide', binary('multiply', slope, column(sumX)), column(n)),
  );
  const time = column('time', sums);
  const withAhead = define(
    context,
    `${name}_lines`,
    select(
      [
        ...labelItems(labels, sums),
        item(time, 'time'),
        item(slope, sumXY),
        item(caseOf([[flat, column(low)]], intercept), sumY),
        item(ahead.value(time), lead),
      ],
      joinScalars(table(sums), time, [ahead]),
    ),
  );
  const prediction = binary('add', binary('multiply', column(sumXY), column(lead)), column(sumY));
  const body = select([...keyItems, item(prediction, 'value')], table(withAhead));
  return { type: 'vector', table: define(context, name, body), labels };
}
