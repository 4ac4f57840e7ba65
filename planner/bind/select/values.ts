import type { Values } from '../../../grammars/ast/relation.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression, Column } from '../../expression.ts';
import { ONE_ROW, projectOf, valuesOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { isUntyped, unify } from '../expression/coerce.ts';
import { plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { BoundRelation } from '../query.ts';
import { scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';
import { type Attachment, attach } from '../subquery/attachment.ts';

/** Rows of VALUES before their columns have types. */
export interface ValueRows {
  readonly rows: readonly (readonly BoundExpression[])[];
  readonly attachments: readonly Attachment[];
}

/** `VALUES (…), …`: columns `column1` … in the types that each position shares (PostgreSQL, 7.7). */
export function bindValues(values: Values, environment: Environment, leaveOpen: boolean): BoundRelation {
  const { session } = environment;
  const bound = bindValueRows(values, environment);
  const width = bound.rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, position) => {
    const given = bound.rows.map((row) => row[position]).filter((each) => each !== undefined);
    const open = leaveOpen && given.length === 1 ? given.find(isUntyped) : undefined;
    return { ...unify(session, open === undefined ? given : [placeholder(open)], 'VALUES'), untyped: open ?? null };
  });
  const rows = bound.rows.map((_, row) => columns.flatMap((column) => column.expressions[row] ?? []));
  const outputs = columns.map((column, position) => ({ name: `column${position + 1}`, untyped: column.untyped }));
  const newColumns = columns.map((column, position) =>
    session.columns.newColumn(
      `column${position + 1}`,
      column.type,
      column.expressions.some((each) => each.nullable),
    ),
  );
  return { plan: valuesPlan({ rows, attachments: bound.attachments }, newColumns, values), outputs };
}

/** What stands for an untyped expression in the plan: a parameter must not become text before its type is known. */
export function placeholder(untyped: BoundExpression): BoundExpression {
  return untyped.kind === 'parameter'
    ? { kind: 'constant', value: null, type: untyped.type, nullable: true, span: untyped.span }
    : untyped;
}

export function bindValueRows(values: Values, environment: Environment): ValueRows {
  const attachments: Attachment[] = [];
  const context = plainContext(environment, scopeOf(null, environment.outer), 'VALUES', attachments);
  const width = values.rows[0]?.length ?? 0;
  const rows = values.rows.map((row) => {
    if (row.length !== width) {
      throw new LumaError(SQLSTATE.syntaxError, 'VALUES lists must all be the same length', { span: values.span });
    }
    return row.map((each) => bindExpression(each, context));
  });
  return { rows, attachments };
}

/** The plan of rows whose expressions already have the columns' types. */
export function valuesPlan(bound: ValueRows, columns: readonly Column[], values: Values): LogicalPlan {
  if (bound.attachments.length === 0) return valuesOf(bound.rows, columns);
  const [row] = bound.rows;
  if (row === undefined || bound.rows.length > 1) {
    throw notSupported('a subquery in VALUES with several rows', {
      span: values.span,
      hint: 'Write SELECT … UNION ALL SELECT ….',
    });
  }
  return projectOf(
    attach(ONE_ROW, bound.attachments),
    columns.flatMap((output, position) => {
      const expression = row[position];
      return expression === undefined ? [] : [{ output, expression }];
    }),
  );
}
