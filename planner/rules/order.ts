import { ExpandDistinctAggregates } from './aggregates/expand-distinct-aggregates.ts';
import { SimplifyAggregates } from './aggregates/simplify-aggregates.ts';
import { FoldConstants } from './expressions/fold-constants.ts';
import { UnwrapCasts } from './expressions/unwrap-casts.ts';
import { DeriveSideFilters } from './filters/derive-side-filters.ts';
import { FactorDisjunctions } from './filters/factor-disjunctions.ts';
import { InferPredicates } from './filters/infer-predicates.ts';
import { PushFilters } from './filters/push-filters.ts';
import { ConvertOuterJoins } from './joins/convert-outer-joins.ts';
import { EliminateJoins } from './joins/eliminate-joins.ts';
import { ExpandFullJoins } from './joins/expand-full-joins.ts';
import { OrderJoins } from './joins/order-joins.ts';
import type { Rule } from './rule.ts';
import { MergeProjects } from './shape/merge-projects.ts';
import { PropagateEmpty } from './shape/propagate-empty.ts';
import { PruneColumns } from './shape/prune-columns.ts';
import { PushLimit } from './shape/push-limit.ts';
import { RemoveRedundantOperators } from './shape/remove-redundant-operators.ts';
import { RewriteSetOperations } from './shape/rewrite-set-operations.ts';
import { ConvertMarkJoins } from './subqueries/convert-mark-joins.ts';
import { DecorrelateSubqueries } from './subqueries/decorrelate-subqueries.ts';

/**
 * The rules in the order in which they run, each from start to end once. A rule that others make room for comes again
 * after them. Each is sound whatever ran before: the order decides only how good the plan becomes.
 */
export const RULES: readonly Rule[] = [
  // Expressions first: everything after looks at predicates.
  FoldConstants,
  UnwrapCasts,
  FactorDisjunctions,
  // Filters reach the marks of their subqueries, subqueries become joins.
  PushFilters,
  ConvertMarkJoins,
  DecorrelateSubqueries,
  // What the executor does not know is expressed by what it knows.
  RewriteSetOperations,
  ExpandDistinctAggregates,
  SimplifyAggregates,
  FoldConstants,
  // Filters sink, turn outer joins into inner ones, and beget filters on the other side.
  PushFilters,
  ConvertOuterJoins,
  PushFilters,
  DeriveSideFilters,
  InferPredicates,
  PushFilters,
  InferPredicates,
  PushFilters,
  ExpandFullJoins,
  PropagateEmpty,
  // Columns and operators that only passed things on go, so that joins stand next to joins.
  PruneColumns,
  EliminateJoins,
  MergeProjects,
  RemoveRedundantOperators,
  OrderJoins,
  PushLimit,
  PruneColumns,
  MergeProjects,
  RemoveRedundantOperators,
];
