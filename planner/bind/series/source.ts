import type { Matcher, Selector } from '../../../grammars/ast/series.ts';
import { type DataType, type DateType, FLOAT64, TEXT, type TimestampType, timestamp } from '../../../src/types/data-type.ts';
import { METRIC_NAME } from '../../../src/types/series.ts';
import type { Span } from '../../../src/types/span.ts';
import type { TableColumn } from '../../catalog.ts';
import type { BoundExpression, Column, ColumnRef, NamedExpression } from '../../expression.ts';
import { castOf, isNullOf, notOf } from '../../expression-build.ts';
import { columnRef, filterOf, passThrough, projectOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import type { SeriesSource } from '../../series-plan.ts';
import { scanTable } from '../from/table.ts';
import type { BindSession } from '../session.ts';
import type { TimeRange } from './context.ts';
import { sortedLabels } from './labels.ts';
import { matcherPredicate, matchesValue } from './matcher.ts';
import { type Metric, metricsOf } from './metrics.ts';
import { timeBounds } from './time-bounds.ts';

/**
 * The metrics that a selector finds, each as a filtered scan: matchers on the name are decided here, those on labels
 * become predicates, and the time range bounds the scan. No metric is no source, never an error.
 */
export function sourcesOfSelector(
  selector: Selector,
  range: TimeRange,
  session: BindSession,
): readonly SeriesSource<LogicalPlan>[] {
  const { metric, matchers, span } = selector;
  const byName: readonly Matcher[] = [
    ...(metric === null ? [] : [{ span, label: METRIC_NAME, operator: 'equal', value: metric } as const]),
    ...matchers.filter((matcher) => matcher.label === METRIC_NAME),
  ];
  const byLabel = matchers.filter((matcher) => matcher.label !== METRIC_NAME);
  return session.catalog
    .tables()
    .flatMap(metricsOf)
    .filter((each) => byName.every((matcher) => matchesValue(matcher, each.name, session)))
    .flatMap((each) => sourceOf(each, byLabel, range, session, span) ?? []);
}

export function sourceLabels(sources: readonly SeriesSource<LogicalPlan>[]): readonly string[] {
  return sortedLabels(sources.flatMap((source) => source.labels.map((label) => label.name)));
}

/** Undefined when a matcher on a label that the table does not have excludes all of it. */
function sourceOf(
  metric: Metric,
  matchers: readonly Matcher[],
  range: TimeRange,
  session: BindSession,
  span: Span,
): SeriesSource<LogicalPlan> | undefined {
  const missing = matchers.filter((matcher) => !metric.tags.some((tag) => tag.name === matcher.label));
  if (!missing.every((matcher) => matchesValue(matcher, '', session))) return undefined;
  const { table } = metric;
  const wanted: readonly TableColumn[] = [...metric.tags, metric.time, metric.field];
  const scan = scanTable(
    session,
    table,
    table.name,
    wanted.map((column) => table.columns.indexOf(column)),
  );
  const columns = wanted.map((column, position) => ({ column, scanned: scan.columns[position] }));
  const find = (wantedColumn: TableColumn): ColumnRef | undefined => {
    const found = columns.find((each) => each.column === wantedColumn)?.scanned;
    return found === undefined ? undefined : { ...columnRef(found), span };
  };
  const time = find(metric.time);
  const value = find(metric.field);
  if (time === undefined || value === undefined || !isTime(time)) return undefined;
  const tags = metric.tags.flatMap((tag) => {
    const label = find(tag);
    return label === undefined ? [] : [{ name: tag.name, label }];
  });
  const predicates = [
    ...timeBounds(time, range, session, span),
    ...(value.nullable ? [notOf(isNullOf(value, span), span)] : []),
    ...matchers.flatMap((matcher) => {
      const tag = tags.find((each) => each.name === matcher.label);
      return tag === undefined ? [] : [matcherPredicate(matcher, castOf(tag.label, TEXT), session)];
    }),
  ];
  return typedSource(metric, filterOf(scan, predicates), tags, time, value, session);
}

function isTime(expression: ColumnRef): expression is ColumnRef & { readonly type: TimestampType | DateType } {
  return expression.type.kind === 'timestamp' || expression.type.kind === 'date';
}

/** The source over columns of the types that series have: labels TEXT, time TIMESTAMP(3), value DOUBLE PRECISION. */
function typedSource(
  metric: Metric,
  rows: LogicalPlan,
  tags: readonly { readonly name: string; readonly label: ColumnRef }[],
  time: ColumnRef,
  value: ColumnRef,
  session: BindSession,
): SeriesSource<LogicalPlan> {
  const items: NamedExpression[] = [];
  const deliver = (reference: ColumnRef, type: DataType): Column => {
    const item = named(reference, castOf(reference, type), session);
    items.push(item);
    return item.output;
  };
  const labels = tags.map(({ name, label }) => ({ name, column: deliver(label, TEXT).id }));
  const timeColumn = deliver(time, timestamp('ms'));
  const valueColumn = deliver(value, FLOAT64);
  const plain = items.every((item) => item.expression.kind === 'column');
  return {
    relation: plain ? rows : projectOf(rows, items),
    metric: metric.name,
    labels: [...labels].sort((a, b) => (a.name < b.name ? -1 : 1)),
    time: timeColumn.id,
    value: valueColumn.id,
  };
}

function named(reference: ColumnRef, expression: BoundExpression, session: BindSession): NamedExpression {
  const { id, name, type, nullable } = reference;
  if (expression === reference) return passThrough({ id, name, type, nullable });
  return { output: session.columns.newColumn(name, expression.type, expression.nullable), expression };
}
