import type { ColumnDefinition, StorageTransaction, TableDefinition } from '../../../storage/api.ts';
import { FLOAT64, TEXT, timestamp } from '../../types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import type { Vector } from '../../types/vector.ts';
import { dictionaryVector, nullVector } from '../../types/vector-build.ts';

/** Samples of one series, as the ecosystem's write protocols carry them. */
export interface SampleSeries {
  readonly metric: string;
  /** Without the metric's name; an empty value is an absent label. */
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  /** Milliseconds since 1970, one per value. */
  readonly times: ArrayLike<number>;
  /** A Float64Array where there are staleness markers: only there the bits of a NaN are safe. */
  readonly values: ArrayLike<number>;
}

const TIME: ColumnDefinition = { name: 'time', type: timestamp('ms'), role: 'time', notNull: true };
const VALUE: ColumnDefinition = { name: 'value', type: FLOAT64, role: 'field', notNull: true };

/**
 * Writes series into the tables of their metrics (DESIGN: a metric is a table whose only field is `value`, its labels are
 * tags): a missing table is made, a new label becomes a column. Gives the number of samples. All or nothing with the
 * transaction. Throws 42809 when a table of that name is no metric.
 */
export function writeSamples(series: readonly SampleSeries[], transaction: StorageTransaction): number {
  const metrics = Map.groupBy(series, (each) => each.metric);
  let samples = 0;
  for (const [metric, group] of metrics) {
    group.forEach(checkLabels);
    const labels = [...new Set(group.flatMap((each) => each.labels.map((label) => label.name)))].sort();
    const table = metricTable(metric, labels, transaction);
    const batch = batchOf(table, group);
    transaction.write(metric, batch);
    samples += batch.length;
  }
  return samples;
}

/** Throws 0A000 for a label that a metric's table has no room for. */
export function checkLabels({ metric, labels }: Pick<SampleSeries, 'metric' | 'labels'>): void {
  const reserved = labels.find(({ name }) => name === TIME.name || name === VALUE.name);
  if (reserved === undefined) return;
  throw notSupported(`a label called "${reserved.name}" (metric "${metric}")`, {
    hint: 'That name is the time or value column of a metric; rename the label when you write it (relabel_config).',
  });
}

function metricTable(metric: string, labels: readonly string[], transaction: StorageTransaction): TableDefinition {
  const existing = definitionOf(metric, transaction);
  if (existing === undefined) {
    const definition: TableDefinition = { name: metric, columns: [TIME, ...labels.map(tag), VALUE] };
    transaction.createTable(definition);
    return definition;
  }
  checkMetric(existing);
  const missing = labels.filter((label) => !existing.columns.some((column) => column.name === label));
  if (missing.length === 0) return existing;
  transaction.addColumns(metric, missing.map(tag));
  return { name: metric, columns: [...existing.columns, ...missing.map(tag)] };
}

function definitionOf(name: string, transaction: StorageTransaction): TableDefinition | undefined {
  const snapshot = transaction.snapshot();
  try {
    return snapshot.table(name);
  } finally {
    snapshot.release();
  }
}

function checkMetric(table: TableDefinition): void {
  const fits = table.columns.every(
    (column) =>
      (column.role === 'time' && column.type.kind === 'timestamp' && column.type.unit === 'ms') ||
      column.role === 'tag' ||
      (column.role === 'field' && column.name === VALUE.name && column.type.kind === 'float64'),
  );
  if (fits) return;
  throw new LumaError('42809', `table "${table.name}" is not a metric`, {
    hint: 'A metric has a TIMESTAMP(3) TIME column, TEXT tags and one DOUBLE PRECISION field called value.',
  });
}

function tag(name: string): ColumnDefinition {
  return { name, type: TEXT, role: 'tag', notNull: false };
}

function batchOf(
  table: TableDefinition,
  group: readonly SampleSeries[],
): { readonly length: number; readonly columns: readonly Vector[] } {
  const length = group.reduce((sum, series) => sum + series.times.length, 0);
  const times = new BigInt64Array(length);
  const values = new Float64Array(length);
  let at = 0;
  for (const series of group) {
    if (series.times.length !== series.values.length) {
      throw new LumaError(SQLSTATE.invalidParameterValue, `${series.times.length} times but ${series.values.length} values`);
    }
    for (let i = 0; i < series.times.length; i++) times[at + i] = BigInt(series.times[i] ?? 0);
    values.set(series.values, at);
    at += series.times.length;
  }
  const columns = table.columns.map((column): Vector => {
    const plain = { length, validity: null, offsets: null, dictionary: null };
    if (column.role === 'time') return { ...plain, type: column.type, values: times };
    if (column.role === 'field') return { ...plain, type: column.type, values };
    return labelVector(group, column.name);
  });
  return { length, columns };
}

/** One label of all samples, dictionary-coded: a series has one value for all of its samples. */
function labelVector(group: readonly SampleSeries[], label: string): Vector {
  const codes = new Map<string, number>();
  const rows: (number | null)[] = [];
  for (const series of group) {
    const value = labelOf(series, label);
    if (value !== null && !codes.has(value)) codes.set(value, codes.size);
    const code = value === null ? null : (codes.get(value) ?? null);
    for (let i = 0; i < series.times.length; i++) rows.push(code);
  }
  return codes.size === 0 ? nullVector(TEXT, rows.length) : dictionaryVector([...codes.keys()], rows);
}

/** Null: absent. */
function labelOf(series: SampleSeries, name: string): string | null {
  return series.labels.find((label) => label.name === name)?.value || null;
}
