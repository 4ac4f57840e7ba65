import type { ExpressionKind } from './expression.ts';
import {
  type ChildrenTable,
  type MapTable,
  mapList,
  mapOptional,
  mapOrder,
  mapWindow,
  none,
  present,
  same,
  windowExpressions,
  withChanges,
} from './visit-table.ts';

export const EXPRESSION_CHILDREN: ChildrenTable<ExpressionKind> = {
  literal: none,
  column: none,
  parameter: none,
  binary: (binary) => [binary.left, binary.right],
  unary: (unary) => [unary.operand],
  like: (like) => present(like.operand, like.pattern, like.escape),
  between: (between) => [between.operand, between.low, between.high],
  in_list: (inList) => [inList.operand, ...inList.items],
  in_subquery: (inSubquery) => [inSubquery.operand, inSubquery.query],
  quantified: (quantified) => [quantified.operand, quantified.query],
  exists: (exists) => [exists.query],
  scalar_subquery: (subquery) => [subquery.query],
  case: (case_) => [
    ...present(case_.operand),
    ...case_.branches.flatMap((branch) => [branch.when, branch.then]),
    ...present(case_.otherwise),
  ],
  cast: (cast) => [cast.operand],
  call: (call) => [
    ...call.arguments,
    ...call.orderBy.map((item) => item.expression),
    ...present(call.filter),
    ...(call.over === null ? [] : windowExpressions(call.over)),
  ],
};

export const EXPRESSION_MAP: MapTable<ExpressionKind> = {
  literal: same,
  column: same,
  parameter: same,
  binary: (binary, map) => withChanges(binary, { left: map.expression(binary.left), right: map.expression(binary.right) }),
  unary: (unary, map) => withChanges(unary, { operand: map.expression(unary.operand) }),
  like: (like, map) =>
    withChanges(like, {
      operand: map.expression(like.operand),
      pattern: map.expression(like.pattern),
      escape: mapOptional(like.escape, map.expression),
    }),
  between: (between, map) =>
    withChanges(between, {
      operand: map.expression(between.operand),
      low: map.expression(between.low),
      high: map.expression(between.high),
    }),
  in_list: (inList, map) =>
    withChanges(inList, { operand: map.expression(inList.operand), items: mapList(inList.items, map.expression) }),
  in_subquery: (inSubquery, map) =>
    withChanges(inSubquery, { operand: map.expression(inSubquery.operand), query: map.query(inSubquery.query) }),
  quantified: (quantified, map) =>
    withChanges(quantified, { operand: map.expression(quantified.operand), query: map.query(quantified.query) }),
  exists: (exists, map) => withChanges(exists, { query: map.query(exists.query) }),
  scalar_subquery: (subquery, map) => withChanges(subquery, { query: map.query(subquery.query) }),
  case: (case_, map) =>
    withChanges(case_, {
      operand: mapOptional(case_.operand, map.expression),
      branches: mapList(case_.branches, (branch) => {
        const when = map.expression(branch.when);
        const then = map.expression(branch.then);
        return withChanges(branch, { when, then });
      }),
      otherwise: mapOptional(case_.otherwise, map.expression),
    }),
  cast: (cast, map) => withChanges(cast, { operand: map.expression(cast.operand) }),
  call: (call, map) =>
    withChanges(call, {
      arguments: mapList(call.arguments, map.expression),
      orderBy: mapOrder(call.orderBy, map),
      filter: mapOptional(call.filter, map.expression),
      over: mapOptional(call.over, (over) => mapWindow(over, map)),
    }),
};
