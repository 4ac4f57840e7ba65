import type { Exists, Expression, InSubquery, Quantified, ScalarSubquery } from '../../../grammars/ast/expression.ts';
import type { Query } from '../../../grammars/ast/relation.ts';
import { BOOLEAN } from '../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression, Column } from '../../expression.ts';
import { notOf } from '../../expression-build.ts';
import { columnRef } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { type ComparisonOperator, isTrue, negateComparison } from '../../logical/predicates.ts';
import { callFunction, coerceBoolean } from '../expression/coerce.ts';
import type { ExpressionContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import { bindRelation } from '../query.ts';
import type { Attachment } from './attachment.ts';

/**
 * Subqueries in expressions. Each becomes an attachment: a scalar one an Apply that delivers its value; a test (EXISTS,
 * IN, ANY, ALL) a semi or anti Apply where it is a conjunct of a filter, and a mark, a boolean column, anywhere else.
 */

/** EXISTS (query), or `operand operator ANY (query)`, either of them possibly negated. */
interface SubqueryTest {
  readonly query: Query;
  readonly comparison: { readonly operand: Expression; readonly operator: ComparisonOperator } | null;
  readonly negated: boolean;
  readonly span: Span;
}

/** The expression as a test, NOT around it included; undefined for anything else. */
function asTest(expression: Expression): SubqueryTest | undefined {
  switch (expression.kind) {
    case 'exists':
      return { query: expression.query, comparison: null, negated: false, span: expression.span };
    case 'in_subquery': {
      const { operand, query, negated, span } = expression;
      return { query, comparison: { operand, operator: 'equal' }, negated, span };
    }
    case 'quantified': {
      const { operand, operator, quantifier, query, span } = expression;
      if (quantifier === 'any') return { query, comparison: { operand, operator }, negated: false, span };
      // x < ALL (q) is NOT (x >= ANY (q)), with NULLs too.
      return { query, comparison: { operand, operator: negateComparison(operator) }, negated: true, span };
    }
    case 'unary': {
      const test = expression.operator === 'not' ? asTest(expression.operand) : undefined;
      return test === undefined ? undefined : { ...test, negated: !test.negated };
    }
    default:
      return undefined;
  }
}

/** The query of an expression, in the environment of the expression's place. */
function bindInner(query: Query, span: Span, context: ExpressionContext): LogicalPlan {
  if (context.attachments === null) throw notSupported(`a subquery in ${context.clause}`, { span });
  const outer = { ...context.scope, aggregates: context.aggregates };
  return bindRelation(query, { ...context.environment, outer }).plan;
}

function onlyColumn(plan: LogicalPlan, span: Span): Column {
  const [column, second] = plan.columns;
  if (column !== undefined && second === undefined) return column;
  throw new LumaError(SQLSTATE.syntaxError, 'subquery must return only one column', { span });
}

export function bindScalarSubquery(subquery: ScalarSubquery, context: ExpressionContext): BoundExpression {
  const plan = bindInner(subquery.query, subquery.span, context);
  const column = onlyColumn(plan, subquery.span);
  context.attachments?.push({ source: subquery, type: 'single', plan, predicates: [], mark: null, nullAware: false });
  return { ...columnRef({ ...column, nullable: true }), span: subquery.span };
}

export function bindExists(exists: Exists, context: ExpressionContext): BoundExpression {
  return bindMark(exists, context);
}

export function bindInSubquery(in_: InSubquery, context: ExpressionContext): BoundExpression {
  return bindMark(in_, context);
}

export function bindQuantified(quantified: Quantified, context: ExpressionContext): BoundExpression {
  return bindMark(quantified, context);
}

/** The parts that semi, anti and mark share. */
function bindTest(
  test: SubqueryTest,
  context: ExpressionContext,
): { readonly plan: LogicalPlan; readonly predicates: readonly BoundExpression[]; readonly nullable: boolean } {
  const { comparison, span } = test;
  const operand = comparison === null ? null : bindExpression(comparison.operand, context);
  const plan = bindInner(test.query, span, context);
  if (comparison === null || operand === null) return { plan, predicates: [], nullable: false };
  const column = columnRef(onlyColumn(plan, span));
  const { session } = context.environment;
  const predicate = callFunction(session, comparison.operator, [operand, column], span);
  return { plan, predicates: [coerceBoolean(session, predicate, 'IN')], nullable: predicate.nullable };
}

function bindMark(expression: Exists | InSubquery | Quantified, context: ExpressionContext): BoundExpression {
  const test = asTest(expression);
  if (test === undefined) throw new LumaError(SQLSTATE.internalError, 'not a subquery test', { span: expression.span });
  const { plan, predicates, nullable } = bindTest(test, context);
  const mark = context.environment.session.columns.newColumn(test.comparison === null ? 'exists' : 'in', BOOLEAN, nullable);
  context.attachments?.push({ source: expression, type: 'mark', plan, predicates, mark, nullAware: nullable });
  const column = { ...columnRef(mark), span: test.span };
  return test.negated ? notOf(column, test.span) : column;
}

/**
 * A condition of WHERE, HAVING or ON as predicates; TRUE is none, and a conjunct that is a subquery test leaves none, as
 * its semi or anti Apply already drops the rows.
 */
export function bindPredicates(condition: Expression, context: ExpressionContext): readonly BoundExpression[] {
  const predicates: BoundExpression[] = [];
  for (const conjunct of conjuncts(condition)) {
    const test = asTest(conjunct);
    if (test === undefined || context.attachments === null) {
      const predicate = coerceBoolean(context.environment.session, bindExpression(conjunct, context), context.clause);
      if (!isTrue(predicate)) predicates.push(predicate);
    } else {
      context.attachments.push(asJoin(test, context));
    }
  }
  return predicates;
}

function asJoin(test: SubqueryTest, context: ExpressionContext): Attachment {
  const { plan, predicates, nullable } = bindTest(test, context);
  // Without NULLs in the comparison, NOT IN is a plain anti join.
  if (test.negated) return { source: null, type: 'anti', plan, predicates, mark: null, nullAware: nullable };
  return { source: null, type: 'semi', plan, predicates, mark: null, nullAware: false };
}

/** The operands of a chain of ANDs, left to right; a loop, as generated texts have long chains. */
function conjuncts(condition: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const pending = [condition];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'binary' && next.operator === 'and') pending.push(next.right, next.left);
    else found.push(next);
  }
  return found;
}
