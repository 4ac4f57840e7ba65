import type { OrderItem, Query } from '../../../grammars/ast/relation.ts';
import type { SeriesExpression } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import type { Grid } from '../grid.ts';
import type { Loss } from '../loss.ts';
import { ascending, column, descending, item, select, table } from '../relation-build.ts';
import { type Context, type SchemaLookup, stepsRelation, withTables } from './context.ts';
import { translateExpression } from './expression.ts';
import { mentionedLabels } from './mentioned-labels.ts';
import { defineSteps } from './steps.ts';
import { joinScalars, labelColumns, labelItems } from './vector.ts';

export interface SeriesToRelation {
  readonly query: Query;
  readonly losses: readonly Loss[];
}

/**
 * A series expression on a grid as a query of the relation algebra: one column for each label (NULL where a series lacks
 * it), then `time` TIMESTAMP(3) and `value` DOUBLE PRECISION, as in `SELECT * FROM promql(…)`. It relies on a table
 * holding at most one row for each series and time, as Prometheus does. Throws 0A000 for what SQL cannot say.
 */
export function seriesToRelation(expression: SeriesExpression, grid: Grid, schema: SchemaLookup | undefined): SeriesToRelation {
  const mentioned = mentionedLabels(expression);
  const metrics = [...mentioned.keys()].map((selector) => selector.metric ?? '');
  const base = {
    schema,
    request: grid,
    mentioned,
    tables: [],
    losses: [],
    taken: new Set(metrics.map((metric) => (schema?.(metric)?.table ?? metric).toLowerCase())),
  };
  const context: Context = { ...base, steps: defineSteps(base, 'steps', grid) };
  return { query: wholeQuery(context, expression), losses: context.losses };
}

function wholeQuery(context: Context, expression: SeriesExpression): Query {
  const result = translateExpression(context, expression);
  const time = item(column('time'), 'time');
  switch (result.type) {
    case 'text':
      throw notSupported('a string as a query in SQL', { span: expression.span });
    case 'scalar': {
      const step = column('time', 'step');
      const from = joinScalars(stepsRelation(context, 'step'), step, [result]);
      return withTables(context, select([item(step, 'time'), item(result.value(step), 'value')], from), [
        ascending(column('time')),
      ]);
    }
    case 'vector': {
      const items = [...labelItems(result.labels), time, item(column('value'), 'value')];
      return withTables(context, select(items, table(result.table)), order(context, expression, result.labels));
    }
    case 'range': {
      if (context.request.type === 'known' && context.request.start !== context.request.end) {
        throw notSupported('a range vector as a query over several steps', {
          span: expression.span,
          hint: 'Evaluate it at one time, or apply a function such as rate(…).',
        });
      }
      const sampleTime = column(result.columns.sampleTime);
      const items = [...labelItems(result.labels), item(sampleTime, 'time'), item(column('value'), 'value')];
      return withTables(context, select(items, table(result.table)), bySeries(result.labels, sampleTime));
    }
  }
}

function bySeries(labels: readonly string[], time = column('time')): OrderItem[] {
  return [...labelColumns(labels), time].map(ascending);
}

/** Rows by series and time; at one step, an outermost sort or topk orders by value, as Prometheus prints it. */
function order(context: Context, expression: SeriesExpression, labels: readonly string[]): OrderItem[] {
  const single = context.request.type === 'now' || context.request.start === context.request.end;
  const name = expression.kind === 'series_call' ? expression.name : expression.kind === 'aggregation' ? expression.operator : '';
  const value = column('value');
  if (single && (name === 'sort' || name === 'bottomk')) return [ascending(value)];
  if (single && (name === 'sort_desc' || name === 'topk')) return [descending(value)];
  return bySeries(labels);
}
