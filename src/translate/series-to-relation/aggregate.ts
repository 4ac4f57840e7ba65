import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Aggregation, AggregationOperator } from '../../../grammars/ast/series.ts';
import { FLOAT64, INT64, TEXT } from '../../types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { dropsLabel } from '../../types/series.ts';
import {
  and,
  ascending,
  binary,
  call,
  caseOf,
  cast,
  column,
  countRows,
  descending,
  float,
  integer,
  item,
  number,
  over,
  select,
  table,
  text,
} from '../relation-build.ts';
import { type Context, checkLabel, define, freeName, lose } from './context.ts';
import { isNan, NAN } from './float.ts';
import { quantile } from './quantile.ts';
import { greatest } from './sample-values.ts';
import {
  joinScalars,
  labelColumns,
  labelItems,
  operandOf,
  type Scalar,
  sortedLabels,
  type Text,
  type Vector,
  withoutName,
} from './vector.ts';

/** Aggregations that make one number of a group's numbers. */
const SIMPLE: Readonly<Partial<Record<AggregationOperator, (value: Expression) => Expression>>> = {
  sum: (value) => call('sum', value),
  avg: (value) => call('avg', value),
  min: (value) => call('min', value),
  max: greatest,
  count: () => cast(countRows, FLOAT64),
  group: () => float(1),
  stddev: (value) => call('stddev_pop', value),
  stdvar: (value) => call('var_pop', value),
};

/** An aggregation over a translated operand and parameter. */
export function aggregate(context: Context, node: Aggregation, operand: Vector, parameter: Scalar | Text | null): Vector {
  const labels = groupLabels(node, operand.labels);
  const simple = SIMPLE[node.operator];
  if (simple !== undefined) {
    const items = [...labelItems(labels), item(column('time'), 'time'), item(simple(column('value')), 'value')];
    const groupBy = [...labelColumns(labels), column('time')];
    const body = select(items, table(operand.table), { groupBy });
    return { type: 'vector', table: define(context, node.operator, body), labels };
  }
  if (node.operator === 'count_values' && parameter?.type === 'text') {
    return countValues(context, node, operand, labels, parameter.value);
  }
  if (parameter?.type !== 'scalar')
    throw new LumaError(SQLSTATE.internalError, `${node.operator} needs a number`, { span: node.span });
  if (node.operator === 'quantile') return quantile(context, 'quantile', { table: operand.table, labels }, parameter);
  if (node.operator === 'topk' || node.operator === 'bottomk') return extremes(context, node, operand, labels, parameter);
  throw notSupported(`${node.operator} in SQL`, {
    span: node.span,
    hint: 'Which series Prometheus keeps depends on its hash of their labels.',
  });
}

function groupLabels(node: Aggregation, labels: readonly string[]): readonly string[] {
  const { type, labels: named } = node.grouping;
  if (type === 'by') return labels.filter((label) => named.includes(label));
  return labels.filter((label) => !dropsLabel(node.grouping, label));
}

/** topk and bottomk: whole series rows, NaN last in both (promql/engine.go, aggregationK). */
function extremes(context: Context, node: Aggregation, operand: Vector, groups: readonly string[], k: Scalar): Vector {
  if (k.constant !== undefined && Number.isNaN(k.constant)) {
    throw new LumaError(SQLSTATE.invalidParameterValue, 'Parameter value is NaN', { span: node.parameter?.span });
  }
  const { labels } = operand;
  const taken = new Set([...labels, 'time', 'value']);
  const [place, limit] = [freeName('place', taken), freeName('k', taken)];
  const time = column('time', operand.table);
  const value = column('value', operand.table);
  const order = [
    ascending(caseOf([[isNan(value), integer(1)]], integer(0))),
    node.operator === 'topk' ? descending(value) : ascending(value),
    // Of equals, Prometheus keeps the series it meets first: they come in label order.
    ...labelColumns(withoutName(labels), operand.table).map(ascending),
  ];
  const ranked = define(
    context,
    `${node.operator}_ranked`,
    select(
      [
        ...labelItems(labels, operand.table),
        item(time, 'time'),
        item(value, 'value'),
        item(over(call('row_number'), [...labelColumns(groups, operand.table), time], order), place),
        item(operandOf(k, time), limit),
      ],
      joinScalars(table(operand.table), time, [k]),
    ),
  );
  const within = binary('less_equal', column(place), column(limit));
  const isNumber = k.constant === undefined ? binary('not_equal', column(limit), NAN) : null;
  const body = select([...labelItems(labels), item(column('time'), 'time'), item(column('value'), 'value')], table(ranked), {
    where: and([within, isNumber]),
  });
  return { type: 'vector', table: define(context, node.operator, body), labels };
}

/** One series for each value, which stands in the label as text. */
function countValues(context: Context, node: Aggregation, operand: Vector, groups: readonly string[], label: string): Vector {
  checkLabel(label, node.span);
  lose(
    context,
    'number_format',
    node.span,
    'fractions below 1e-4 and numbers from 1e15 on are written with an exponent, unlike in Prometheus',
  );
  const value = column('value');
  const isWhole = binary('equal', value, call('trunc', value));
  const isShort = binary('less', call('abs', value), number(1e15));
  const written = caseOf(
    [
      [binary('equal', value, float(Number.POSITIVE_INFINITY)), text('+Inf')],
      [binary('equal', value, float(Number.NEGATIVE_INFINITY)), text('-Inf')],
      [binary('and', isWhole, isShort), cast(cast(value, INT64), TEXT)],
    ],
    cast(value, TEXT),
  );
  const kept = groups.filter((each) => each !== label);
  const labels = dropsLabel(node.grouping, label) ? kept : sortedLabels([...kept, label]);
  const rows = define(
    context,
    'written',
    select(
      labels
        .map((each) => (each === label ? item(written, label) : item(column(each), each)))
        .concat(item(column('time'), 'time')),
      table(operand.table),
    ),
  );
  const body = select(
    [...labelItems(labels), item(column('time'), 'time'), item(cast(countRows, FLOAT64), 'value')],
    table(rows),
    {
      groupBy: [...labelColumns(labels), column('time')],
    },
  );
  return { type: 'vector', table: define(context, 'count_values', body), labels };
}
