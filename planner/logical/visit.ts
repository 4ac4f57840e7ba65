import type { AggregateCall, BoundExpression, BoundFrameBound, NamedExpression, SortKey, WindowCall } from '../expression.ts';
import { aggregateOf, filterOf, joinColumns, limitOf, projectOf, setColumns, singleRowOf, sortOf, windowOf } from './build.ts';
import type { LogicalPlan } from './plan.ts';
import { mapRelations, relationsOf } from './series-relations.ts';

/** The inputs of an operator, left to right; relations below a series scan count. */
export function inputsOf(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'one_row':
    case 'empty':
    case 'values':
    case 'table_function':
    case 'shared':
      return [];
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'sort':
    case 'limit':
    case 'single_row':
    case 'window':
      return [plan.input];
    case 'join':
    case 'apply':
      return [plan.left, plan.right];
    case 'set_operation':
      return plan.inputs;
    case 'series_scan':
      return relationsOf(plan.series);
  }
}

/** The same operator with each input mapped; the plan itself when no input changed. Columns are derived anew. */
export function mapInputs(plan: LogicalPlan, map: (input: LogicalPlan, position: number) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'one_row':
    case 'empty':
    case 'values':
    case 'table_function':
    case 'shared':
      return plan;
    case 'filter': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : filterOf(input, plan.predicates);
    }
    case 'project': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : projectOf(input, plan.items);
    }
    case 'aggregate': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : aggregateOf(input, plan.keys, plan.aggregates);
    }
    case 'sort': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : sortOf(input, plan.keys);
    }
    case 'limit': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : limitOf(input, plan.count, plan.offset);
    }
    case 'single_row': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : singleRowOf(input);
    }
    case 'window': {
      const input = map(plan.input, 0);
      return input === plan.input ? plan : windowOf(input, plan.partitionBy, plan.orderBy, plan.calls);
    }
    case 'join': {
      const left = map(plan.left, 0);
      const right = map(plan.right, 1);
      if (left === plan.left && right === plan.right) return plan;
      return { ...plan, left, right, columns: joinColumns(plan.type, left.columns, right.columns, plan.mark) };
    }
    case 'apply': {
      const left = map(plan.left, 0);
      const right = map(plan.right, 1);
      if (left === plan.left && right === plan.right) return plan;
      return { ...plan, left, right, columns: joinColumns(plan.type, left.columns, right.columns, plan.mark) };
    }
    case 'set_operation': {
      const inputs = mapList(plan.inputs, map);
      return inputs === plan.inputs ? plan : { ...plan, inputs, columns: setColumns(plan.operator, inputs, plan.columns) };
    }
    case 'series_scan': {
      const relations = relationsOf(plan.series);
      const mapped = mapList(relations, map);
      if (mapped === relations) return plan;
      let next = 0;
      return { ...plan, series: mapRelations(plan.series, (relation) => mapped[next++] ?? relation) };
    }
  }
}

/** Rewrites bottom up: `map` sees an operator whose inputs are already rewritten. */
export function transformUp(plan: LogicalPlan, map: (plan: LogicalPlan) => LogicalPlan): LogicalPlan {
  return map(mapInputs(plan, (input) => transformUp(input, map)));
}

/** Calls `visit` for every operator, parents first. */
export function walk(plan: LogicalPlan, visit: (plan: LogicalPlan) => void): void {
  visit(plan);
  for (const input of inputsOf(plan)) walk(input, visit);
}

/** Maps each expression that the operator itself holds (not its inputs', not inside expressions). */
export function mapExpressions(plan: LogicalPlan, map: (expression: BoundExpression) => BoundExpression): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'one_row':
    case 'empty':
    case 'single_row':
    case 'set_operation':
    case 'series_scan':
    case 'shared':
      return plan;
    case 'values': {
      const rows = mapList(plan.rows, (row) => mapList(row, map));
      return rows === plan.rows ? plan : { ...plan, rows };
    }
    case 'table_function': {
      const arguments_ = mapList(plan.arguments, map);
      return arguments_ === plan.arguments ? plan : { ...plan, arguments: arguments_ };
    }
    case 'filter': {
      const predicates = mapList(plan.predicates, map);
      return predicates === plan.predicates ? plan : { ...plan, predicates };
    }
    case 'project': {
      const items = mapList(plan.items, (item) => mapNamed(item, map));
      return items === plan.items ? plan : projectOf(plan.input, items);
    }
    case 'aggregate': {
      const keys = mapList(plan.keys, (key) => mapNamed(key, map));
      const aggregates = mapList(plan.aggregates, (call) => mapAggregateCall(call, map));
      return keys === plan.keys && aggregates === plan.aggregates ? plan : aggregateOf(plan.input, keys, aggregates);
    }
    case 'join':
    case 'apply': {
      const predicates = mapList(plan.predicates, map);
      return predicates === plan.predicates ? plan : { ...plan, predicates };
    }
    case 'sort': {
      const keys = mapSortKeys(plan.keys, map);
      return keys === plan.keys ? plan : { ...plan, keys };
    }
    case 'limit': {
      const count = plan.count === null ? null : map(plan.count);
      const offset = plan.offset === null ? null : map(plan.offset);
      return count === plan.count && offset === plan.offset ? plan : { ...plan, count, offset };
    }
    case 'window': {
      const partitionBy = mapList(plan.partitionBy, map);
      const orderBy = mapSortKeys(plan.orderBy, map);
      const calls = mapList(plan.calls, (call) => mapWindowCall(call, map));
      if (partitionBy === plan.partitionBy && orderBy === plan.orderBy && calls === plan.calls) return plan;
      return windowOf(plan.input, partitionBy, orderBy, calls);
    }
  }
}

/** The expressions that the operator itself holds. */
export function expressionsOf(plan: LogicalPlan): readonly BoundExpression[] {
  const found: BoundExpression[] = [];
  mapExpressions(plan, (expression) => {
    found.push(expression);
    return expression;
  });
  return found;
}

export function mapSortKeys(keys: readonly SortKey[], map: (expression: BoundExpression) => BoundExpression): readonly SortKey[] {
  return mapList(keys, (key) => {
    const expression = map(key.expression);
    return expression === key.expression ? key : { ...key, expression };
  });
}

/** Array.map that returns the list itself when nothing changed, so that rules can tell by identity whether they fired. */
export function mapList<T>(list: readonly T[], map: (item: T, position: number) => T): readonly T[] {
  let changed = false;
  const mapped = list.map((item, position) => {
    const result = map(item, position);
    if (result !== item) changed = true;
    return result;
  });
  return changed ? mapped : list;
}

function mapNamed(item: NamedExpression, map: (expression: BoundExpression) => BoundExpression): NamedExpression {
  const expression = map(item.expression);
  if (expression === item.expression) return item;
  const nullable = item.output.nullable && expression.nullable;
  return { expression, output: nullable === item.output.nullable ? item.output : { ...item.output, nullable } };
}

function mapAggregateCall(call: AggregateCall, map: (expression: BoundExpression) => BoundExpression): AggregateCall {
  const arguments_ = mapList(call.arguments, map);
  const filter = call.filter === null ? null : map(call.filter);
  const orderBy = mapSortKeys(call.orderBy, map);
  if (arguments_ === call.arguments && filter === call.filter && orderBy === call.orderBy) return call;
  return { ...call, arguments: arguments_, filter, orderBy };
}

function mapWindowCall(call: WindowCall, map: (expression: BoundExpression) => BoundExpression): WindowCall {
  const arguments_ = mapList(call.arguments, map);
  const filter = call.filter === null ? null : map(call.filter);
  const start = mapBound(call.frame.start, map);
  const end = mapBound(call.frame.end, map);
  const sameFrame = start === call.frame.start && end === call.frame.end;
  if (arguments_ === call.arguments && filter === call.filter && sameFrame) return call;
  return { ...call, arguments: arguments_, filter, frame: sameFrame ? call.frame : { ...call.frame, start, end } };
}

function mapBound(bound: BoundFrameBound, map: (expression: BoundExpression) => BoundExpression): BoundFrameBound {
  if (bound.type !== 'preceding' && bound.type !== 'following') return bound;
  const offset = map(bound.offset);
  return offset === bound.offset ? bound : { ...bound, offset };
}
