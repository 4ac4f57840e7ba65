import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Relation, SelectItem } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { METRIC_NAME } from '../../types/series.ts';
import type { Span } from '../../types/span.ts';
import { binary, column, innerJoin, item, NULL_LABEL, number, table } from '../relation-build.ts';

/** An instant vector on the steps: a common table with `labels…, time, value`. A series has at most one row per step. */
export interface Vector {
  readonly type: 'vector';
  readonly table: string;
  /** Every label a row may carry, in name order; NULL is absent. */
  readonly labels: readonly string[];
}

/** Samples under a range: a common table with `labels…, time` (the step), `sample_time, value, previous, next`. */
export interface Range {
  readonly type: 'range';
  readonly table: string;
  readonly labels: readonly string[];
  readonly milliseconds: number;
  /** Columns of the table. */
  readonly columns: RangeColumns;
  /** The end of the window at a step, from the step's time. */
  readonly end: (time: Expression) => Expression;
}

export interface RangeColumns {
  readonly sampleTime: string;
  /** The sample before in the same window, NULL for the first. */
  readonly previous: string;
  readonly previousTime: string;
  /** The sample after, NULL for the last. */
  readonly next: string;
}

/** A number for each step: an expression of the step's time and of tables to join on it. */
export interface Scalar {
  readonly type: 'scalar';
  readonly value: (time: Expression) => Expression;
  /** Common tables with `time, value`, one row for every step; `value` refers to them by name. */
  readonly joins: readonly string[];
  /** The number, when it is the same at every step. */
  readonly constant: number | undefined;
}

export interface Text {
  readonly type: 'text';
  readonly value: string;
}

export type Translated = Vector | Range | Scalar | Text;

export function asVector(translated: Translated, span: Span): Vector {
  if (translated.type === 'vector') return translated;
  throw wrongKind(translated, 'an instant vector', span);
}

export function asScalar(translated: Translated, span: Span): Scalar {
  if (translated.type === 'scalar') return translated;
  throw wrongKind(translated, 'a scalar', span);
}

function wrongKind(translated: Translated, wanted: string, span: Span): LumaError {
  return new LumaError(SQLSTATE.datatypeMismatch, `expected ${wanted}, got ${translated.type}`, { span });
}

export function sortedLabels(labels: Iterable<string>): readonly string[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
}

export function withoutName(labels: readonly string[]): readonly string[] {
  return labels.filter((label) => label !== METRIC_NAME);
}

export function labelColumns(labels: readonly string[], qualifier: string | null = null): Expression[] {
  return labels.map((label) => column(label, qualifier));
}

export function labelItems(labels: readonly string[], qualifier: string | null = null): SelectItem[] {
  return labels.map((label) => item(column(label, qualifier), label));
}

/** The labels as columns of a table that has only some of them. */
export function paddedItems(labels: readonly string[], present: readonly string[], qualifier: string): SelectItem[] {
  return labels.map((label) => item(present.includes(label) ? column(label, qualifier) : NULL_LABEL, label));
}

/** The scalar beside a DOUBLE PRECISION operand. */
export function operandOf(scalar: Scalar, time: Expression): Expression {
  return scalar.constant === undefined ? scalar.value(time) : number(scalar.constant);
}

/** The relation with the tables of a scalar joined on the step. */
export function joinScalars(from: Relation, time: Expression, scalars: readonly Scalar[]): Relation {
  const tables = [...new Set(scalars.flatMap((scalar) => scalar.joins))];
  return tables.reduce((joined, name) => innerJoin(joined, table(name), binary('equal', column('time', name), time)), from);
}
