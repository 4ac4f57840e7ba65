import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesCall } from '../../../grammars/ast/series.ts';
import { LumaError, notSupported } from '../../types/error.ts';
import { re2FullMatch } from '../../types/re2.ts';
import type { Span } from '../../types/span.ts';
import { binary, call, caseOf, column, item, select, table, text } from '../relation-build.ts';
import { type Context, checkLabel, define, lose } from './context.ts';
import { sortedLabels, type Vector } from './vector.ts';

/** label_join and label_replace; the other labels stay, the name too. */
export function labelFunction(context: Context, node: SeriesCall, vector: Vector, strings: readonly string[]): Vector {
  const [target = '', ...rest] = strings;
  const source = (label: string): Expression =>
    vector.labels.includes(label) ? call('coalesce', column(label), text('')) : text('');
  const value = node.name === 'label_join' ? joined(rest, source) : replaced(target, rest, vector, source, node.span);
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

function replaced(
  target: string,
  parts: readonly string[],
  vector: Vector,
  source: (label: string) => Expression,
  span: Span,
): Expression {
  const [replacement = '', from = '', pattern = ''] = parts;
  const expansion = expansionOf(replacement, groupsOf(pattern, span), span);
  const value = call('regexp_replace', source(from), text(`^(?:${pattern})$`), text(expansion));
  const unchanged = vector.labels.includes(target) ? column(target) : text('');
  return caseOf([[call('regexp_full_match', source(from), text(pattern)), value]], unchanged);
}

/** A template of Go's regexp.Expand as one of PostgreSQL's regexp_replace: `$1` is `\1`, `$0` is `\&`, `$$` is `$`. */
function expansionOf(template: string, groups: number, span: Span): string {
  return template.replace(/\\/g, '\\\\').replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    const group = bare ?? braced;
    if (group === undefined) return '$';
    if (group === '0') return '\\&';
    if (/^[1-9]$/.test(group)) return Number(group) <= groups ? `\\${group}` : '';
    throw notSupported(`the group ${whole} of label_replace in SQL`, {
      span,
      hint: 'SQL knows the groups 1 to 9 by their number; before a letter or a digit it stands in braces.',
    });
  });
}

/** How many groups a pattern captures. */
function groupsOf(pattern: string, span: Span): number {
  try {
    return (re2FullMatch(`(?:${pattern})|`).exec('')?.length ?? 1) - 1;
  } catch (cause) {
    throw new LumaError('2201B', `invalid regular expression in label_replace(): ${pattern}`, { span, cause });
  }
}
