import type { Aggregation, AggregationOperator } from '../../../grammars/ast/series.ts';
import type { SeriesValueKind } from '../../../grammars/ast/series-kind.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { METRIC_NAME } from '../../../src/types/series.ts';
import { expectKind, type SeriesContext } from './context.ts';
import { bindSeriesNode, type LogicalSeries } from './expression.ts';
import { checkLabelName, sortedLabels, withoutName } from './labels.ts';

/** Operators with a parameter, and its kind (Prometheus, Aggregation operators). */
const PARAMETERS: Partial<Record<AggregationOperator, SeriesValueKind>> = {
  topk: 'scalar',
  bottomk: 'scalar',
  limitk: 'scalar',
  limit_ratio: 'scalar',
  quantile: 'scalar',
  count_values: 'string',
};

/** Operators that pick input series and keep their labels. */
const SELECTING: ReadonlySet<AggregationOperator> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

export function bindAggregation(aggregation: Aggregation, context: SeriesContext): LogicalSeries {
  const { operator, grouping, span } = aggregation;
  expectKind(aggregation.operand, ['vector'], 'aggregation expression', context.session);
  const parameter = bindParameter(aggregation, context);
  const operand = bindSeriesNode(aggregation.operand, context);
  const labels = resultLabels(aggregation, operand.labels);
  return { kind: 'series_aggregate', grid: context.grid, type: 'vector', labels, span, operator, parameter, operand, grouping };
}

function bindParameter(aggregation: Aggregation, context: SeriesContext): LogicalSeries | null {
  const { operator, parameter, span } = aggregation;
  const kind = PARAMETERS[operator];
  if (kind === undefined && parameter === null) return null;
  if (kind === undefined || parameter === null) {
    const message = kind === undefined ? `${operator} takes no parameter` : `${operator} needs a ${kind} parameter`;
    throw new LumaError(SQLSTATE.datatypeMismatch, message, { span: parameter?.span ?? span });
  }
  expectKind(parameter, [kind], `aggregation parameter of ${operator}`, context.session);
  return bindSeriesNode(parameter, context);
}

/** `by` keeps what it names and the operand has, the metric's name too if named; `without` drops the name always. */
function resultLabels({ operator, parameter, grouping }: Aggregation, operand: readonly string[]): readonly string[] {
  if (SELECTING.has(operator)) return operand;
  const grouped =
    grouping.type === 'by'
      ? operand.filter((label) => grouping.labels.includes(label))
      : withoutName(operand).filter((label) => !grouping.labels.includes(label));
  if (operator !== 'count_values' || parameter?.kind !== 'string') return grouped;
  const label = checkLabelName(parameter.value, parameter.span);
  const dropped = grouping.type === 'without' && (label === METRIC_NAME || grouping.labels.includes(label));
  return dropped ? grouped : sortedLabels([...grouped, label]);
}
