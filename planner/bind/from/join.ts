import type { Join } from '../../../grammars/ast/relation.ts';
import type { BoundExpression, Column, ColumnId } from '../../expression.ts';
import { transformExpression } from '../../expression-visit.ts';
import { applyOf, columnRef, joinOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { plainContext } from '../expression/context.ts';
import { checkDuplicateNames, type FromItem, type ScopeColumn, scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';
import { type Attachment, attachedColumns, filterAttached, planReads, readsAny } from '../subquery/attachment.ts';
import { bindPredicates } from '../subquery/subquery.ts';
import { bindFromPart, type Lateral } from './from.ts';
import { bindUsing, naturalColumns } from './using.ts';

/** What the condition of a join comes to. */
interface Condition {
  readonly predicates: readonly BoundExpression[];
  readonly attachments: readonly Attachment[];
  /** The columns of the result: what USING merges comes first, and once. */
  readonly columns: readonly ScopeColumn[];
}

/**
 * A join. The right side may read the left one under LATERAL, which makes it an Apply. RIGHT is LEFT with the sides
 * swapped; the names keep their order. In RIGHT and FULL joins the left side cannot be read by the right one.
 */
export function bindJoin(join: Join, environment: Environment, lateral: Lateral): FromItem {
  const left = bindFromPart(join.left, environment, lateral);
  const readable = join.type !== 'right' && join.type !== 'full';
  const right = bindFromPart(join.right, environment, {
    visible: readable ? [...lateral.visible, left] : lateral.visible,
    invisible: readable ? lateral.invisible : [...lateral.invisible, left],
  });
  checkDuplicateNames(left.sources, right.sources, join.right.span);
  const condition = bindCondition(join, left, right, environment);
  const plan = joinPlans(join.type, left.plan, right.plan, condition);
  const sources = [...left.sources, ...right.sources];
  return {
    plan,
    sources: sources.map((source) => ({ ...source, columns: rebase(source.columns, plan.columns) })),
    columns: rebase(condition.columns, plan.columns),
  };
}

function bindCondition(join: Join, left: FromItem, right: FromItem, environment: Environment): Condition {
  const both = [...left.columns, ...right.columns];
  switch (join.condition?.type) {
    case undefined:
      return { predicates: [], attachments: [], columns: both };
    case 'on': {
      const item = joinedItem(left, right);
      const attachments: Attachment[] = [];
      // Below an outer join a subquery in ON would have to run per pair of rows: only inner joins take them.
      const sink = join.type === 'inner' || join.type === 'cross' ? attachments : null;
      const context = plainContext(environment, scopeOf(item, environment.outer), 'JOIN/ON', sink);
      const predicates = bindPredicates(join.condition.expression, context);
      return { predicates, attachments, columns: both };
    }
    case 'using':
      return { ...bindUsing(join.condition.columns, join, left, right, environment.session), attachments: [] };
    case 'natural': {
      const names = naturalColumns(left, right);
      return { ...bindUsing(names, join, left, right, environment.session), attachments: [] };
    }
  }
}

function joinedItem(left: FromItem, right: FromItem): FromItem {
  return {
    plan: joinOf('inner', left.plan, right.plan, []),
    sources: [...left.sources, ...right.sources],
    columns: [...left.columns, ...right.columns],
  };
}

function joinPlans(type: Join['type'], left: LogicalPlan, right: LogicalPlan, condition: Condition): LogicalPlan {
  const { predicates, attachments } = condition;
  switch (type) {
    case 'inner':
    case 'cross': {
      const added = attachedColumns(attachments);
      const joined = predicates.filter((predicate) => !readsAny(predicate, added));
      const late = predicates.filter((predicate) => readsAny(predicate, added));
      return filterAttached(joinSides('inner', left, right, joined), late, attachments);
    }
    case 'left':
      return joinSides('left', left, right, predicates);
    case 'right':
      return joinOf('left', right, left, predicates);
    case 'full':
      return joinOf('full', left, right, predicates);
  }
}

function joinSides(
  type: 'inner' | 'left',
  left: LogicalPlan,
  right: LogicalPlan,
  predicates: readonly BoundExpression[],
): LogicalPlan {
  const dependent = planReads(right, new Set(left.columns.map((column) => column.id)));
  return dependent ? applyOf(type, left, right, predicates) : joinOf(type, left, right, predicates);
}

/** The same names over the columns as the join delivers them: outer joins make columns nullable. */
function rebase(columns: readonly ScopeColumn[], delivered: readonly Column[]): readonly ScopeColumn[] {
  const byId = new Map<ColumnId, Column>(delivered.map((column) => [column.id, column]));
  const map = (expression: BoundExpression): BoundExpression => {
    const column = expression.kind === 'column' ? byId.get(expression.id) : undefined;
    return column === undefined ? expression : { ...columnRef(column), span: expression.span };
  };
  return columns.map((column) => ({ ...column, expression: transformExpression(column.expression, map) }));
}
