import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesExpression } from '../../../grammars/ast/series.ts';
import { METRIC_NAME } from '../../types/series.ts';
import {
  binary,
  call,
  column,
  countRows,
  exists,
  float,
  integer,
  item,
  leftJoin,
  not,
  query,
  select,
  table,
  text,
} from '../relation-build.ts';
import { type Context, define, stepsRelation } from './context.ts';
import { NAN } from './float.ts';
import { joinScalars, type Scalar, sortedLabels, type Vector } from './vector.ts';

/*
 * Functions that are about the steps rather than about samples: they fill steps without samples, or fold a vector.
 */

/** One value at every step, without labels. */
export function vectorOf(
  context: Context,
  name: string,
  value: (time: Expression) => Expression,
  joins: readonly Scalar[],
): Vector {
  const time = column('time', 'step');
  const body = select([item(time, 'time'), item(value(time), 'value')], joinScalars(stepsRelation(context, 'step'), time, joins));
  return { type: 'vector', table: define(context, name, body), labels: [] };
}

/** The only series' value at each step, NaN where there is none or several. */
export function scalarOf(context: Context, vector: Vector): Scalar {
  const single = define(
    context,
    'single',
    select([item(column('time'), 'time'), item(call('max', column('value')), 'value')], table(vector.table), {
      groupBy: [column('time')],
      having: binary('equal', countRows, integer(1)),
    }),
  );
  const time = column('time', 'step');
  const name = define(
    context,
    'scalar',
    select(
      [item(time, 'time'), item(call('coalesce', column('value', single), NAN), 'value')],
      leftJoin(stepsRelation(context, 'step'), table(single), binary('equal', column('time', single), time)),
    ),
  );
  return { type: 'scalar', value: () => column('value', name), joins: [name], constant: undefined };
}

/** 1 at each step without any series; labelled by the equalities of a selector (promql/functions.go, createLabelsForAbsentFunction). */
export function absent(
  context: Context,
  name: string,
  argument: SeriesExpression | undefined,
  found: { readonly table: string },
): Vector {
  const matchers = argument?.kind === 'selector' ? argument.matchers : [];
  const count = (label: string): number => matchers.filter((each) => each.label === label).length;
  const named = matchers.filter((each) => each.operator === 'equal' && each.value !== '' && count(each.label) === 1);
  const values = new Map(named.filter((each) => each.label !== METRIC_NAME).map((each) => [each.label, each.value]));
  const labels = sortedLabels(values.keys());
  const time = column('time', 'step');
  const some = exists(
    query(select([item(integer(1))], table(found.table), { where: binary('equal', column('time', found.table), time) })),
  );
  const body = select(
    [...labels.map((label) => item(text(values.get(label) ?? ''), label)), item(time, 'time'), item(float(1), 'value')],
    stepsRelation(context, 'step'),
    { where: not(some) },
  );
  return { type: 'vector', table: define(context, name, body), labels };
}
