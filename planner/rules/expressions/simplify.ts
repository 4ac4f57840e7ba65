import { LumaError } from '../../../src/types/error.ts';
import type { Catalog } from '../../catalog.ts';
import type {
  BoundExpression,
  CaseExpression,
  Coalesce,
  Constant,
  InConstants,
  Logical,
  Not,
  ScalarCall,
} from '../../expression.ts';
import { caseOf, coalesceOf, conjunctsOf, constantOf, FALSE, logicalOf, notOf, TRUE } from '../../expression-build.ts';
import { childrenOf, expressionKey, isVolatile, transformExpression } from '../../expression-visit.ts';
import { asComparison, disjunctsOf, isNeverTrue, isTrue, negateComparison } from '../../logical/predicates.ts';
import { scalarCall } from '../support/functions.ts';

/** The expression with everything that is known before execution worked out. NULL stays apart from false. */
export function simplify(expression: BoundExpression, catalog: Catalog): BoundExpression {
  return transformExpression(expression, (each) => simplifyNode(each, catalog));
}

/**
 * The conjuncts of a list of predicates of which all must be true, each simplified: nothing when all are true, one FALSE
 * when one can never be. NULL counts as false here.
 */
export function simplifyConjuncts(predicates: readonly BoundExpression[], catalog: Catalog): readonly BoundExpression[] {
  const kept = new Map<string, BoundExpression>();
  for (const predicate of predicates.flatMap((each) => conjunctsOf(simplify(each, catalog)))) {
    if (isTrue(predicate)) continue;
    if (isNeverTrue(predicate)) return [FALSE];
    kept.set(isVolatile(predicate) ? `volatile ${kept.size}` : expressionKey(predicate), predicate);
  }
  return [...kept.values()];
}

function simplifyNode(expression: BoundExpression, catalog: Catalog): BoundExpression {
  switch (expression.kind) {
    case 'constant':
    case 'column':
    case 'parameter':
      return expression;
    case 'call':
      return simplifyCall(expression, catalog);
    case 'and':
    case 'or':
      return simplifyLogical(expression);
    case 'not':
      return simplifyNot(expression, catalog);
    case 'is_null':
      if (expression.operand.kind === 'constant') return expression.operand.value === null ? TRUE : FALSE;
      return expression.operand.nullable ? expression : FALSE;
    case 'case':
      return simplifyCase(expression);
    case 'coalesce':
      return simplifyCoalesce(expression);
    case 'cast':
      return evaluate(expression, catalog);
    case 'in':
      return simplifyIn(expression, catalog);
  }
}

function simplifyCall(call: ScalarCall, catalog: Catalog): BoundExpression {
  if (call.function.nulls === 'strict' && call.arguments.some(isNullConstant)) return constantOf(null, call.type, call.span);
  return call.function.volatility === 'immutable' ? evaluate(call, catalog) : call;
}

/** The value, once all operands are constants; the expression itself when computing it raises: then execution will. */
function evaluate(expression: BoundExpression, catalog: Catalog): BoundExpression {
  if (!childrenOf(expression).every((child) => child.kind === 'constant')) return expression;
  try {
    return constantOf(catalog.evaluate(expression), expression.type, expression.span);
  } catch (error) {
    if (error instanceof LumaError) return expression;
    throw error;
  }
}

function simplifyLogical(logical: Logical): BoundExpression {
  const decides = logical.kind === 'or';
  const operands = new Map<string, BoundExpression>();
  let changed = false;
  for (const operand of logical.kind === 'and' ? conjunctsOf(logical) : disjunctsOf(logical)) {
    if (operand.kind === 'constant' && operand.value === decides) return { ...operand, span: logical.span };
    const neutral = operand.kind === 'constant' && operand.value === !decides;
    const key = isVolatile(operand) ? `volatile ${operands.size}` : expressionKey(operand);
    if (neutral || operands.has(key)) changed = true;
    else operands.set(key, operand);
  }
  if (!changed && operands.size === logical.operands.length) return logical;
  return logicalOf(logical.kind, [...operands.values()], logical.span);
}

/** NOT moves inward (De Morgan holds with NULL), so that a filter sees conjuncts and plain comparisons. */
function simplifyNot(not: Not, catalog: Catalog): BoundExpression {
  const { operand } = not;
  if (operand.kind === 'constant') return operand.value === null ? operand : operand.value === true ? FALSE : TRUE;
  if (operand.kind === 'not') return operand.operand;
  if (operand.kind === 'and' || operand.kind === 'or') {
    const negated = operand.operands.map((each) => simplifyNot(notOf(each, not.span), catalog));
    return logicalOf(operand.kind === 'and' ? 'or' : 'and', negated, not.span);
  }
  const comparison = asComparison(operand);
  if (comparison === undefined) return not;
  return scalarCall(catalog, negateComparison(comparison.operator), [comparison.left, comparison.right], comparison.call.span);
}

function simplifyCase(case_: CaseExpression): BoundExpression {
  const branches: CaseExpression['branches'][number][] = [];
  let otherwise = case_.otherwise;
  for (const branch of case_.branches) {
    if (isNeverTrue(branch.when)) continue;
    if (isTrue(branch.when)) {
      otherwise = branch.then;
      break;
    }
    branches.push(branch);
  }
  if (branches.length === 0) return otherwise;
  if (branches.length === case_.branches.length && otherwise === case_.otherwise) return case_;
  return caseOf(branches, otherwise, case_.type, case_.span);
}

function simplifyCoalesce(coalesce: Coalesce): BoundExpression {
  const operands: BoundExpression[] = [];
  for (const operand of coalesce.operands) {
    if (isNullConstant(operand)) continue;
    operands.push(operand);
    if (!operand.nullable) break;
  }
  const [first] = operands;
  if (first === undefined) return constantOf(null, coalesce.type, coalesce.span);
  if (operands.length === 1) return first;
  if (operands.length === coalesce.operands.length) return coalesce;
  return coalesceOf(operands, coalesce.type, coalesce.span);
}

function simplifyIn(in_: InConstants, catalog: Catalog): BoundExpression {
  if (isNullConstant(in_.operand)) return constantOf(null, in_.type, in_.span);
  if (in_.operand.kind === 'constant') return evaluate(in_, catalog);
  const values = new Map<string, Constant>();
  for (const value of in_.values) values.set(expressionKey(value), value);
  const [only] = values.values();
  if (only !== undefined && values.size === 1) return scalarCall(catalog, 'equal', [in_.operand, only], in_.span);
  return values.size === in_.values.length ? in_ : { ...in_, values: [...values.values()] };
}

function isNullConstant(expression: BoundExpression): boolean {
  return expression.kind === 'constant' && expression.value === null;
}
