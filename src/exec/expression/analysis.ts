import { expressionCost } from '../../../planner/cost/cost.ts';
import type { BoundExpression, ColumnId } from '../../../planner/expression.ts';
import { childrenOf, freeColumns, someExpression } from '../../../planner/expression-visit.ts';
import { scalarDefinition } from '../../functions/lookup.ts';
import { castNeverRaises } from './cast/rules.ts';

/** What can be told of an expression before its code is written. */

/** Below this cost (units of planner/cost) an operand is evaluated without a branch around it. */
const BRANCH_FREE_COST = 3;

/** Whether no value of its columns makes it raise an error. */
export function neverRaises(expression: BoundExpression): boolean {
  return !someExpression(expression, mayRaiseItself);
}

function mayRaiseItself(expression: BoundExpression): boolean {
  if (expression.kind === 'call') {
    const overload = scalarDefinition(expression.function);
    return !(overload.neverRaises ?? overload.total === true);
  }
  return expression.kind === 'cast' && !castNeverRaises(expression.operand.type, expression.type);
}

/** Whether evaluating it where its value may not be needed costs less than a branch, and cannot fail. */
export function isCheap(expression: BoundExpression): boolean {
  return expressionCost(expression) <= BRANCH_FREE_COST && !isLazy(expression) && neverRaises(expression);
}

/** Whether it has branches inside. */
function isLazy(expression: BoundExpression): boolean {
  return someExpression(expression, (each) => each.kind === 'case' || each.kind === 'coalesce');
}

/** Whether it is an operand itself: a constant, column or parameter. */
export function isLeaf(expression: BoundExpression): boolean {
  return childrenOf(expression).length === 0 && expression.kind !== 'call';
}

/** The only column it reads; undefined when there are none or several. */
export function onlyColumn(expression: BoundExpression): ColumnId | undefined {
  const columns = freeColumns(expression);
  const [column] = columns;
  return columns.size === 1 ? column : undefined;
}
