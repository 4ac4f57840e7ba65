import type { WindowSpecification } from '../../../grammars/ast/expression.ts';
import type { AggregateCall, BoundExpression, SortKey, WindowCall } from '../../expression.ts';
import type { Scope } from '../scope.ts';
import type { Environment } from '../session.ts';
import type { Attachment } from '../subquery/attachment.ts';

/** Aggregates found while expressions are bound; they become one Aggregate. */
export interface AggregateSink {
  readonly calls: AggregateCall[];
  /** Subqueries in their arguments: below the Aggregate. */
  readonly attachments: Attachment[];
}

/** Calls that share partitioning and order: one Window operator. */
export interface WindowGroup {
  readonly partitionBy: readonly BoundExpression[];
  readonly orderBy: readonly SortKey[];
  readonly calls: WindowCall[];
}

/** Window calls found while expressions are bound. */
export interface WindowSink {
  /** The WINDOW clause. */
  readonly definitions: ReadonlyMap<string, WindowSpecification>;
  readonly groups: WindowGroup[];
}

/** Where an expression stands, and what may stand in it. */
export interface ExpressionContext {
  readonly environment: Environment;
  readonly scope: Scope;
  /** As messages name the place: `WHERE`, `JOIN conditions`. */
  readonly clause: string;
  /** Takes the subqueries; null where none may stand. */
  readonly attachments: Attachment[] | null;
  /** Null where no aggregate of this query level may stand. */
  readonly aggregates: AggregateSink | null;
  readonly windows: WindowSink | null;
  /** The call around this place, for messages about nesting. */
  readonly inside: 'aggregate' | 'window' | null;
}

/** A context without aggregates and windows. */
export function plainContext(
  environment: Environment,
  scope: Scope,
  clause: string,
  attachments: Attachment[] | null,
): ExpressionContext {
  return { environment, scope, clause, attachments, aggregates: null, windows: null, inside: null };
}
