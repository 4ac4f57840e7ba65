import type { QueryBody, SetOperation } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression, NamedExpression } from '../../expression.ts';
import { columnRef, passThrough, projectOf, setOperationOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { unify } from '../expression/coerce.ts';
import { type BoundRelation, bindBody, NO_TAIL } from '../query.ts';
import type { BindSession, Environment } from '../session.ts';

/**
 * UNION, INTERSECT, EXCEPT: columns by position, in the types that each position shares (PostgreSQL, 10.5), named by the
 * first input. Untyped outputs take the type of the other inputs.
 */
export function bindSetOperation(operation: SetOperation, environment: Environment): BoundRelation {
  const { session } = environment;
  const inputs = inputsOf(operation).map((body) => bindBody(body, NO_TAIL, environment, true));
  const [first] = inputs;
  const name = operation.operator.toUpperCase();
  if (first === undefined || inputs.some((input) => input.outputs.length !== first.outputs.length)) {
    throw new LumaError(SQLSTATE.syntaxError, `each ${name} query must have the same number of columns`, {
      span: operation.right.span,
    });
  }
  const aligned = first.outputs.map((_, position) =>
    unify(
      session,
      inputs.map((input) => outputAt(input, position, operation)),
      name,
    ),
  );
  const plans = inputs.map((input, number) =>
    project(
      session,
      input,
      aligned.map((column) => column.expressions[number]),
    ),
  );
  const columns = aligned.map((column, position) =>
    session.columns.newColumn(first.outputs[position]?.name ?? '?column?', column.type, true),
  );
  const outputs = first.outputs.map(({ name: output }) => ({ name: output, untyped: null }));
  return { plan: setOperationOf(operation.operator, operation.all, plans, columns), outputs };
}

/** A UNION chain of one kind is one operation over all its inputs. */
function inputsOf(operation: SetOperation): readonly QueryBody[] {
  const inputs: QueryBody[] = [operation.right];
  let left = operation.left;
  while (
    operation.operator === 'union' &&
    left.kind === 'set_operation' &&
    left.operator === 'union' &&
    left.all === operation.all
  ) {
    inputs.push(left.right);
    left = left.left;
  }
  return [...inputs, left].reverse();
}

function outputAt(input: BoundRelation, position: number, operation: SetOperation): BoundExpression {
  const column = input.plan.columns[position];
  const output = input.outputs[position];
  if (column === undefined || output === undefined) {
    throw new LumaError(SQLSTATE.internalError, 'an output has no column', { span: operation.span });
  }
  return output.untyped ?? { ...columnRef(column), span: operation.span };
}

/** The input with its columns replaced by the aligned expressions; the input itself when nothing changed. */
function project(session: BindSession, input: BoundRelation, expressions: readonly (BoundExpression | undefined)[]): LogicalPlan {
  const { plan } = input;
  const same = plan.columns.every((column, position) => {
    const expression = expressions[position];
    return expression?.kind === 'column' && expression.id === column.id;
  });
  if (same) return plan;
  const items = plan.columns.map((column, position): NamedExpression => {
    const expression = expressions[position];
    if (expression === undefined || (expression.kind === 'column' && expression.id === column.id)) return passThrough(column);
    return { output: session.columns.newColumn(column.name, expression.type, expression.nullable), expression };
  });
  return projectOf(plan, items);
}
