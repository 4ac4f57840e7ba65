import type { BoundExpression, ColumnRef, ConstantValue } from '../../../planner/expression.ts';
import { callOf, castOf, constantOf } from '../../../planner/expression-build.ts';
import { functionCatalog } from '../../../src/functions/registry.ts';
import type { DataType } from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';

/** Bound expressions by hand. */

export function call(name: string, ...arguments_: readonly BoundExpression[]): BoundExpression {
  const infos = arguments_.map(({ type }) => ({ type, untyped: false }));
  const function_ = functionCatalog.scalar(name, infos, NO_SPAN);
  const cast = arguments_.map((argument, i) => castOf(argument, function_.argumentTypes[i] ?? argument.type));
  return callOf(function_, cast);
}

export function column(id: number, type: DataType, nullable = true): ColumnRef {
  return { kind: 'column', id, name: `c${id}`, type, nullable, span: NO_SPAN };
}

export function constant(value: ConstantValue, type: DataType): BoundExpression {
  return constantOf(value, type);
}
