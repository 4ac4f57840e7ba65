import type { Expression } from '../../../grammars/ast/expression.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import {
  binary,
  call,
  caseOf,
  cast,
  column,
  countRows,
  filtered,
  float,
  integer,
  isNull,
  item,
  number,
  select,
  table,
} from '../relation-build.ts';
import { type Context, define, freeName } from './context.ts';
import { isReset, seconds } from './sample-values.ts';
import { shifted } from './selector.ts';
import { labelColumns, labelItems, type Range, type Vector, withoutName } from './vector.ts';

/*
 * rate, increase and delta as Prometheus 3 computes them (promql/functions.go, extrapolatedRate): the growth between the
 * first and the last sample, each fall of a counter counted from zero, stretched to the window's ends where samples lie
 * near them, otherwise by half of the mean distance of samples; a counter is not stretched beyond its zero.
 */

const THRESHOLD = 1.1;

export interface RateOptions {
  readonly counter: boolean;
  readonly perSecond: boolean;
}

export function extrapolated(context: Context, name: string, range: Range, options: RateOptions): Vector {
  const labels = withoutName(range.labels);
  const c = columnNames(labels);
  const keys = [...labelColumns(labels), column('time')];
  const keyItems = [...labelItems(labels), item(column('time'), 'time')];
  const value = column('value');
  const previous = column(range.columns.previous);
  const fallen = call('coalesce', filtered(call('sum', previous), isReset(value, previous)), float(0));
  const growth = binary('subtract', only(value, range.columns.next), only(value, range.columns.previous));

  const ends = define(
    context,
    `${name}_ends`,
    select(
      [
        ...keyItems,
        item(countRows, c.samples),
        item(call('min', column(range.columns.sampleTime)), c.firstTime),
        item(call('max', column(range.columns.sampleTime)), c.lastTime),
        item(only(value, range.columns.previous), c.firstValue),
        item(options.counter ? binary('add', growth, fallen) : growth, c.growth),
      ],
      table(range.table),
      { groupBy: keys, having: binary('greater', countRows, integer(1)) },
    ),
  );

  const end = range.end(column('time'));
  const intervals = cast(binary('subtract', column(c.samples), integer(1)), FLOAT64);
  const sampled = seconds(column(c.lastTime), column(c.firstTime));
  const gaps = define(
    context,
    `${name}_gaps`,
    select(
      [
        ...keyItems,
        item(column(c.firstValue), c.firstValue),
        item(column(c.growth), c.growth),
        item(sampled, c.sampled),
        item(binary('divide', sampled, intervals), c.distance),
        item(seconds(column(c.firstTime), shifted(end, -range.milliseconds)), c.before),
        item(seconds(end, column(c.lastTime)), c.after),
      ],
      table(ends),
    ),
  );

  const near = (gap: string): Expression =>
    caseOf(
      [
        [
          binary('greater_equal', column(gap), binary('multiply', column(c.distance), number(THRESHOLD))),
          binary('divide', column(c.distance), integer(2)),
        ],
      ],
      column(gap),
    );
  const stretched = define(
    context,
    `${name}_stretch`,
    select(
      [
        ...keyItems,
        item(column(c.firstValue), c.firstValue),
        item(column(c.growth), c.growth),
        item(column(c.sampled), c.sampled),
        item(near(c.before), c.before),
        item(near(c.after), c.after),
      ],
      table(gaps),
    ),
  );

  const before = options.counter ? untilZero(c) : column(c.before);
  const covered = binary('add', binary('add', column(c.sampled), before), column(c.after));
  const factor = binary('divide', covered, column(c.sampled));
  const scaled = options.perSecond ? binary('divide', factor, number(range.milliseconds / 1000)) : factor;
  const body = select([...keyItems, item(binary('multiply', column(c.growth), scaled), 'value')], table(stretched));
  return { type: 'vector', table: define(context, name, body), labels };
}

/** How far before its first sample a counter that grows at this pace was zero, if that is nearer than `before`. */
function untilZero(c: ReturnType<typeof columnNames>): Expression {
  const rising = binary(
    'and',
    binary('greater', column(c.growth), integer(0)),
    binary('greater_equal', column(c.firstValue), integer(0)),
  );
  const zero = binary('multiply', column(c.sampled), binary('divide', column(c.firstValue), column(c.growth)));
  return caseOf([[binary('and', rising, binary('less', zero, column(c.before))), zero]], column(c.before));
}

/** The value of the one sample in the window that has no neighbour on that side. */
function only(value: Expression, neighbour: string): Expression {
  return filtered(call('max', value), isNull(column(neighbour)));
}

function columnNames(labels: readonly string[]) {
  const taken = new Set([...labels, 'time', 'value']);
  return {
    samples: freeName('samples', taken),
    firstTime: freeName('first_time', taken),
    lastTime: freeName('last_time', taken),
    firstValue: freeName('first_value', taken),
    growth: freeName('growth', taken),
    sampled: freeName('sampled', taken),
    distance: freeName('distance', taken),
    before: freeName('before', taken),
    after: freeName('after', taken),
  };
}
