import type { Selector, SeriesExpression } from '../../../grammars/ast/series.ts';

/**
 * For each selector the labels that the query names for it: in its matchers, and around it in groupings, matchings and
 * label functions. Without a schema, these are the labels the translation knows of.
 */
export function mentionedLabels(expression: SeriesExpression): ReadonlyMap<Selector, ReadonlySet<string>> {
  const found = new Map<Selector, ReadonlySet<string>>();
  collect(expression, [], found);
  return found;
}

function collect(node: SeriesExpression, around: readonly string[], found: Map<Selector, ReadonlySet<string>>): void {
  switch (node.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      found.set(node, new Set([...node.matchers.map((matcher) => matcher.label), ...around]));
      return;
    case 'range_selector':
      collect(node.selector, around, found);
      return;
    case 'subquery':
      collect(node.expression, around, found);
      return;
    case 'series_negate':
      collect(node.operand, around, found);
      return;
    case 'aggregation':
      if (node.parameter !== null) collect(node.parameter, [], found);
      collect(node.operand, [...around, ...node.grouping.labels], found);
      return;
    case 'series_binary': {
      const { labels, include, cardinality } = node.matching;
      const both = [...around, ...labels];
      collect(node.left, cardinality === 'one_to_many' ? [...both, ...include] : both, found);
      collect(node.right, cardinality === 'many_to_one' ? [...both, ...include] : both, found);
      return;
    }
    case 'series_call': {
      const strings = node.arguments.map((argument) => (argument.kind === 'string' ? argument.value : ''));
      const sources = node.name === 'label_join' ? strings.slice(3) : node.name === 'label_replace' ? strings.slice(3, 4) : [];
      for (const argument of node.arguments) collect(argument, [...around, ...sources.filter((each) => each !== '')], found);
    }
  }
}
