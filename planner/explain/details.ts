import type { AggregateCall, BoundExpression, Column, NamedExpression, SortKey, WindowCall } from '../expression.ts';
import { aggregateText, type ColumnText, expressionText, sortKeyText, windowCallText } from './expression.ts';
import { type Detail, details } from './tree.ts';

/** What EXPLAIN says of operators that logical and physical plans both have. */

export function tableText(table: string, alias: string): string {
  return table === alias ? table : `${table} AS ${alias}`;
}

export function itemsText(items: readonly NamedExpression[], columnText: ColumnText): string {
  return items
    .map(({ output, expression }) => {
      const text = expressionText(expression, columnText);
      const name = columnText(output);
      return text === name ? name : `${text} AS ${name}`;
    })
    .join(', ');
}

export function conjunction(predicates: readonly BoundExpression[], columnText: ColumnText): string {
  return predicates
    .map((predicate) => expressionText(predicate, columnText))
    .map((each) => (predicates.length > 1 && / OR /.test(each) ? `(${each})` : each))
    .join(' AND ');
}

export function sortKeysText(keys: readonly SortKey[], columnText: ColumnText): string {
  return keys.map((key) => sortKeyText(key, columnText)).join(', ');
}

export function optionalText(expression: BoundExpression | null, columnText: ColumnText): string | null {
  return expression === null ? null : expressionText(expression, columnText);
}

export function callText(name: string, arguments_: readonly BoundExpression[], columnText: ColumnText): string {
  return `${name}(${arguments_.map((each) => expressionText(each, columnText)).join(', ')})`;
}

export function groupingDetails(
  { keys, aggregates }: { readonly keys: readonly NamedExpression[]; readonly aggregates: readonly AggregateCall[] },
  columnText: ColumnText,
): readonly Detail[] {
  const compute = aggregates.map((call) => `${aggregateText(call, columnText)} AS ${columnText(call.output)}`);
  return details({ by: itemsText(keys, columnText), compute: compute.join(', ') });
}

/** Joins by any predicate. */
export function matchDetails(
  { predicates, mark }: { readonly predicates: readonly BoundExpression[]; readonly mark: Column | null },
  columnText: ColumnText,
): readonly Detail[] {
  return details({ on: conjunction(predicates, columnText), mark: mark === null ? null : columnText(mark) });
}

export function limitDetails(
  { count, offset }: { readonly count: BoundExpression | null; readonly offset: BoundExpression | null },
  columnText: ColumnText,
): readonly Detail[] {
  return details({ count: optionalText(count, columnText), offset: optionalText(offset, columnText) });
}

export function windowDetails(
  window: {
    readonly partitionBy: readonly BoundExpression[];
    readonly orderBy: readonly SortKey[];
    readonly calls: readonly WindowCall[];
  },
  columnText: ColumnText,
): readonly Detail[] {
  const compute = window.calls.map((call) => `${windowCallText(call, columnText)} AS ${columnText(call.output)}`);
  return details({
    'partition by': window.partitionBy.map((each) => expressionText(each, columnText)).join(', '),
    'order by': sortKeysText(window.orderBy, columnText),
    compute: compute.join(', '),
  });
}
