import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Selector, TimeModifiers } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import { METRIC_NAME } from '../../types/series.ts';
import { lastStep } from '../grid.ts';
import {
  and,
  ascending,
  binary,
  call,
  column,
  descending,
  innerJoin,
  instant,
  integer,
  interval,
  isNotNull,
  item,
  not,
  over,
  select,
  table,
  text,
} from '../relation-build.ts';
import { type Context, checkLabel, define, freeName, lose, type MetricSchema, stepsRelation } from './context.ts';
import { matcherCondition, passes } from './matchers.ts';
import { labelColumns, labelItems, type Range, type RangeColumns, sortedLabels, type Vector } from './vector.ts';

/** Prometheus' default lookback: how old a sample may be to count at a step. */
const LOOKBACK = 300_000;

/** Common table of a selector's samples: `labels…`, the sample's time and value. */
interface Samples {
  readonly table: string;
  readonly labels: readonly string[];
  readonly timeColumn: string;
}

/** The end of a window at the step `time`. */
export function windowEnd(context: Context, modifiers: TimeModifiers): (time: Expression) => Expression {
  const { at, offset } = modifiers;
  const pinned = pinnedTime(context, modifiers);
  if (pinned !== null) return () => instant(pinned - offset);
  if (at !== null && context.request.type === 'known') throw new RangeError('a pinned time is known');
  return (time) => shifted(time, -offset);
}

/** The time that `@` pins, before the offset; null where the step's own time counts. */
export function pinnedTime(context: Context, { at }: TimeModifiers): number | null {
  if (at === null) return null;
  if (at.type === 'time') return at.time;
  // With one step at now(), start() and end() are that step.
  if (context.request.type === 'now') return null;
  return at.type === 'start' ? context.request.start : context.request.end;
}

/** First and last end of a window over all steps, or null when only the run knows. */
export function windowEnds(context: Context, modifiers: TimeModifiers): { readonly first: number; readonly last: number } | null {
  const pinned = pinnedTime(context, modifiers);
  if (pinned !== null) return { first: pinned - modifiers.offset, last: pinned - modifiers.offset };
  const { grid } = context.steps;
  if (grid.type === 'now') return null;
  return { first: grid.start - modifiers.offset, last: lastStep(grid) - modifiers.offset };
}

export function shifted(time: Expression, milliseconds: number): Expression {
  if (milliseconds === 0) return time;
  return binary(milliseconds > 0 ? 'add' : 'subtract', time, interval(Math.abs(milliseconds)));
}

/** `sample_time` lies in (end − length, end]. */
function inWindow(sampleTime: Expression, end: (time: Expression) => Expression, time: Expression, length: number): Expression {
  const until = end(time);
  const after =
    until.kind === 'binary' && until.right.kind === 'literal' ? shiftedAgain(until, -length) : shifted(until, -length);
  return binary('and', binary('greater', sampleTime, after), binary('less_equal', sampleTime, until));
}

/** `t − a − b` as one interval. */
function shiftedAgain(until: Extract<Expression, { kind: 'binary' }>, milliseconds: number): Expression {
  if (until.right.kind !== 'literal' || until.right.value.type !== 'interval') return shifted(until, milliseconds);
  const sign = until.operator === 'subtract' ? -1 : 1;
  return shifted(until.left, sign * Number(until.right.value.nanoseconds / 1_000_000n) + milliseconds);
}

function schemaOf(context: Context, selector: Selector, metric: string): MetricSchema {
  const known = context.schema?.(metric);
  if (known === undefined) {
    lose(
      context,
      'unknown_labels',
      selector.span,
      `the labels of "${metric}" are not known: only those that the query names are told apart`,
    );
  }
  const labels = [...(context.mentioned.get(selector) ?? [])].filter((label) => label !== METRIC_NAME);
  const schema = known ?? { table: metric, time: 'time', value: 'value', labels };
  for (const label of schema.labels) checkLabel(label, selector.span);
  return schema;
}

/** The samples of a metric that pass the matchers, within what the windows of all steps can reach. */
function samplesOf(context: Context, selector: Selector, length: number, dropStale: boolean): Samples {
  const { metric, matchers } = selector;
  if (metric === null) {
    throw notSupported('a selector without a metric name', {
      span: selector.span,
      hint: 'SQL needs one table; name the metric before the braces.',
    });
  }
  const schema = schemaOf(context, selector, metric);
  const labels = sortedLabels([...schema.labels, METRIC_NAME]);
  const timeColumn = freeName('sample_time', new Set(labels));
  const time = column(schema.time);
  const value = column(schema.value);
  const ends = windowEnds(context, selector);
  const conditions = matchers.map((matcher) => {
    if (matcher.label === METRIC_NAME) return passes(matcher, metric) ? null : binary('equal', integer(1), integer(0));
    const known = schema.labels.includes(matcher.label);
    return matcherCondition(matcher, known ? column(matcher.label) : null);
  });
  const body = select(
    [
      ...labels.map((label) => item(label === METRIC_NAME ? text(metric) : presentLabel(label), label)),
      item(time, timeColumn),
      item(value, 'value'),
    ],
    table(schema.table),
    {
      where: and([
        ...conditions,
        ends === null ? null : binary('greater', time, instant(ends.first - length)),
        ends === null ? null : binary('less_equal', time, instant(ends.last)),
        isNotNull(value),
        dropStale ? not(call('is_stale', value)) : null,
      ]),
    },
  );
  return { table: define(context, `${metric}_samples`, body), labels, timeColumn };
}

/** A label column with the empty string as NULL. */
function presentLabel(label: string): Expression {
  return call('nullif', column(label), text(''));
}

/** For each step and series the newest sample within the lookback, unless it is the staleness marker. */
export function instantSelector(context: Context, selector: Selector, result: 'value' | 'timestamp' = 'value'): Vector {
  const samples = samplesOf(context, selector, LOOKBACK, false);
  const { labels, timeColumn } = samples;
  const age = freeName('age', new Set([...labels, timeColumn]));
  const time = column('time', 'step');
  const sampleTime = column(timeColumn, 'sample');
  const partition = [time, ...labelColumns(withoutConstant(labels), 'sample')];
  const ranked = select(
    [
      ...labelItems(labels, 'sample'),
      item(time, 'time'),
      item(sampleTime, timeColumn),
      item(column('value', 'sample'), 'value'),
      item(over(call('row_number'), partition, [descending(sampleTime)]), age),
    ],
    innerJoin(
      stepsRelation(context, 'step'),
      table(samples.table, 'sample'),
      inWindow(sampleTime, windowEnd(context, selector), time, LOOKBACK),
    ),
  );
  const rankedTable = define(context, `${selector.metric}_candidates`, ranked);
  const value = result === 'value' ? column('value') : call('extract', text('epoch'), column(timeColumn));
  const kept = result === 'value' ? labels : withoutConstant(labels);
  const body = select([...labelItems(kept), item(column('time'), 'time'), item(value, 'value')], table(rankedTable), {
    where: and([binary('equal', column(age), integer(1)), not(call('is_stale', column('value')))]),
  });
  return { type: 'vector', table: define(context, `${selector.metric}_latest`, body), labels: kept };
}

/** One metric has one name: partitions need not mention it. */
function withoutConstant(labels: readonly string[]): readonly string[] {
  return labels.filter((label) => label !== METRIC_NAME);
}

/** The samples of each step's window, without staleness markers. */
export function rangeSelector(context: Context, selector: Selector, milliseconds: number): Range {
  const samples = samplesOf(context, selector, milliseconds, true);
  return windows(context, `${selector.metric}_windows`, samples, selector, milliseconds);
}

/** Joins samples with the steps whose windows they lie in. */
export function windows(context: Context, base: string, samples: Samples, modifiers: TimeModifiers, milliseconds: number): Range {
  const { labels, timeColumn } = samples;
  const taken = new Set([...labels, 'time', 'value']);
  const columns: RangeColumns = {
    sampleTime: freeName('sample_time', taken),
    previous: freeName('previous', taken),
    previousTime: freeName('previous_time', taken),
    next: freeName('next', taken),
  };
  const time = column('time', 'step');
  const sampleTime = column(timeColumn, 'sample');
  const value = column('value', 'sample');
  const partition = [time, ...labelColumns(withoutConstant(labels), 'sample')];
  const order = [ascending(sampleTime)];
  const end = windowEnd(context, modifiers);
  const body = select(
    [
      ...labelItems(labels, 'sample'),
      item(time, 'time'),
      item(sampleTime, columns.sampleTime),
      item(value, 'value'),
      item(over(call('lag', value), partition, order), columns.previous),
      item(over(call('lag', sampleTime), partition, order), columns.previousTime),
      item(over(call('lead', value), partition, order), columns.next),
    ],
    innerJoin(stepsRelation(context, 'step'), table(samples.table, 'sample'), inWindow(sampleTime, end, time, milliseconds)),
  );
  return { type: 'range', table: define(context, base, body), labels, milliseconds, columns, end };
}
