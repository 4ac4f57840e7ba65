import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesCall } from '../../../grammars/ast/series.ts';
import { binary, call, caseOf, column, item, select, table, text } from '../relation-build.ts';
import { type Context, checkLabel, define, lose } from './context.ts';
import { sortedLabels, type Vector } from './vector.ts';

/** label_join and label_replace; the other labels stay, the name too. */
export function labelFunction(context: Context, node: SeriesCall, vector: Vector, strings: readonly string[]): Vector {
  const [target = '', ...rest] = strings;
  const source = (label: string): Expression =>
    vector.labels.includes(label) ? call('coalesce', column(label), text('')) : text('');
  const value = node.name === 'label_join' ? joined(rest, source) : replaced(target, rest, vector, source);
  checkLabel(target, node.span);
  if (vector.labels.includes(target)) {
    lose(context, 'duplicate_matches', node.span, 'where series become equal, Prometheus fails and SQL gives a row for each');
  }
  const labels = sortedLabels([...vector.labels, target]);
  const items = labels.map((label) =>
    label === target ? item(call('nullif', value, text('')), label) : item(column(label), label),
  );
  const body = select([...items, item(column('time'), 'time'), item(column('value'), 'value')], table(vector.table));
  return { type: 'vector', table: define(context, node.name, body), labels };
}

function joined([separator = '', ...labels]: readonly string[], source: (label: string) => Expression): Expression {
  const parts = labels.flatMap((label, index) => (index === 0 ? [source(label)] : [text(separator), source(label)]));
  return parts.length === 0 ? text('') : parts.reduce((left, right) => binary('concatenate', left, right));
}

function replaced(target: string, parts: readonly string[], vector: Vector, source: (label: string) => Expression): Expression {
  const [replacement = '', from = '', pattern = ''] = parts;
  // Go's $1 and ${1} are SQL's \1.
  const expansion = replacement
    .replace(/\\/g, '\\\\')
    .replace(/\$(?:(\d)|\{(\d)\})/g, (_, a?: string, b?: string) => `\\${a ?? b}`);
  const value = call('regexp_replace', source(from), text(`^(?:${pattern})$`), text(expansion));
  const unchanged = vector.labels.includes(target) ? column(target) : text('');
  return caseOf([[call('regexp_full_match', source(from), text(pattern)), value]], unchanged);
}
