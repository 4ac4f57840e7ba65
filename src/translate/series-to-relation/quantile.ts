import type { Expression } from '../../../grammars/ast/expression.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import {
  ascending,
  binary,
  call,
  caseOf,
  cast,
  column,
  countRows,
  float,
  integer,
  item,
  over,
  select,
  table,
} from '../relation-build.ts';
import { type Context, define, freeName } from './context.ts';
import { isNan, NAN } from './float.ts';
import { joinScalars, labelColumns, labelItems, type Scalar, type Vector } from './vector.ts';

/** What a quantile is taken of: rows with `labels…, time, value`; one quantile for each labels and time. */
export interface Grouped {
  readonly table: string;
  readonly labels: readonly string[];
}

/**
 * The φ-quantile with linear interpolation between the two nearest ranks; −Inf below 0, +Inf above 1, NaN for NaN.
 * NaN values come first (Prometheus 3, promql/quantile.go and vectorByValueHeap).
 */
export function quantile(context: Context, name: string, source: Grouped, phi: Scalar | null): Vector {
  const { labels } = source;
  const taken = new Set([...labels, 'time', 'value']);
  const [position = '', highest = '', rank = '', share = ''] = ['position', 'highest', 'rank', 'phi'].map((each) =>
    freeName(each, taken),
  );
  const time = column('time', source.table);
  const value = column('value', source.table);
  const partition = [...labelColumns(labels, source.table), time];
  const given = phi?.value(time) ?? NAN;
  const notNan = caseOf([[isNan(value), integer(0)]], integer(1));
  const last = cast(binary('subtract', over(countRows, partition), integer(1)), FLOAT64);
  const order = [ascending(notNan), ascending(value)];
  const ranked = define(
    context,
    `${name}_ranked`,
    select(
      [
        ...labelItems(labels, source.table),
        item(time, 'time'),
        item(value, 'value'),
        item(cast(binary('subtract', over(call('row_number'), partition, order), integer(1)), FLOAT64), position),
        item(last, highest),
        item(binary('multiply', given, last), rank),
        item(given, share),
      ],
      joinScalars(table(source.table), time, phi === null ? [] : [phi]),
    ),
  );
  const lower = call('floor', column(rank));
  const weight = binary('subtract', column(rank), lower);
  const at = (place: Expression, factor: Expression): Expression =>
    caseOf([[binary('equal', column(position), place), binary('multiply', column('value'), factor)]], null);
  const below = call('sum', at(lower, binary('subtract', integer(1), weight)));
  const above = call('sum', at(call('least', binary('add', lower, integer(1)), column(highest)), weight));
  const whole = call('max', column(share));
  const result = caseOf(
    [
      [isNan(whole), NAN],
      [binary('less', whole, integer(0)), float(Number.NEGATIVE_INFINITY)],
      [binary('greater', whole, integer(1)), float(Number.POSITIVE_INFINITY)],
    ],
    binary('add', below, above),
  );
  const body = select([...labelItems(labels), item(column('time'), 'time'), item(result, 'value')], table(ranked), {
    groupBy: [...labelColumns(labels), column('time')],
  });
  return { type: 'vector', table: define(context, name, body), labels };
}
