import { type DataType, sameType } from '../src/types/data-type.ts';
import type { BoundExpression, BoundExpressionKind, CaseExpression, ColumnId, ConstantValue, Logical } from './expression.ts';
import { callNullable } from './expression-build.ts';

/** The expression variant whose `kind` includes K. */
type OfKind<K extends BoundExpressionKind> = BoundExpression & { readonly kind: K };

/** One entry per kind: a kind without an entry fails compilation. */
type Table<Extra extends readonly unknown[], Result> = {
  readonly [K in BoundExpressionKind]: (expression: OfKind<K>, ...extra: Extra) => Result;
};

function dispatch<Extra extends readonly unknown[], Result>(
  table: Table<Extra, Result>,
  expression: BoundExpression,
  ...extra: Extra
): Result {
  // TypeScript cannot see that the entry found by `kind` takes this very expression.
  const entry = table[expression.kind] as (expression: BoundExpression, ...extra: Extra) => Result;
  return entry(expression, ...extra);
}

type Map = (expression: BoundExpression) => BoundExpression;

const NONE: readonly BoundExpression[] = [];

const CHILDREN: Table<[], readonly BoundExpression[]> = {
  constant: () => NONE,
  column: () => NONE,
  parameter: () => NONE,
  call: (call) => call.arguments,
  and: (and) => and.operands,
  or: (or) => or.operands,
  not: (not) => [not.operand],
  is_null: (isNull) => [isNull.operand],
  case: (case_) => [...case_.branches.flatMap((branch) => [branch.when, branch.then]), case_.otherwise],
  coalesce: (coalesce) => coalesce.operands,
  cast: (cast) => [cast.operand],
  in: (in_) => [in_.operand, ...in_.values],
};

/** The operands, in evaluation order. */
export function childrenOf(expression: BoundExpression): readonly BoundExpression[] {
  return dispatch(CHILDREN, expression);
}

const MAP_CHILDREN: Table<[Map], BoundExpression> = {
  constant: (constant) => constant,
  column: (column) => column,
  parameter: (parameter) => parameter,
  call: (call, map) => {
    const arguments_ = mapAll(call.arguments, map);
    if (arguments_ === call.arguments) return call;
    return { ...call, arguments: arguments_, nullable: callNullable(call.function, arguments_) };
  },
  and: mapLogical,
  or: mapLogical,
  not: (not, map) => {
    const operand = map(not.operand);
    return operand === not.operand ? not : { ...not, operand, nullable: operand.nullable };
  },
  is_null: (isNull, map) => {
    const operand = map(isNull.operand);
    return operand === isNull.operand ? isNull : { ...isNull, operand };
  },
  case: mapCase,
  coalesce: (coalesce, map) => {
    const operands = mapAll(coalesce.operands, map);
    if (operands === coalesce.operands) return coalesce;
    return { ...coalesce, operands, nullable: operands.every((operand) => operand.nullable) };
  },
  cast: (cast, map) => {
    const operand = map(cast.operand);
    return operand === cast.operand ? cast : { ...cast, operand, nullable: operand.nullable };
  },
  in: (in_, map) => {
    const operand = map(in_.operand);
    if (operand === in_.operand) return in_;
    return { ...in_, operand, nullable: operand.nullable || in_.values.some((value) => value.value === null) };
  },
};

/**
 * The expression over mapped operands, its nullability derived anew; the expression itself when no operand changed.
 * The constants of `in` are part of the node and are not mapped.
 */
export function mapChildren(expression: BoundExpression, map: Map): BoundExpression {
  return dispatch(MAP_CHILDREN, expression, map);
}

function mapLogical(logical: Logical, map: Map): Logical {
  const operands = mapAll(logical.operands, map);
  if (operands === logical.operands) return logical;
  return { ...logical, operands, nullable: operands.some((operand) => operand.nullable) };
}

function mapCase(case_: CaseExpression, map: Map): CaseExpression {
  let changed = false;
  const branches = case_.branches.map((branch) => {
    const when = map(branch.when);
    const then = map(branch.then);
    if (when === branch.when && then === branch.then) return branch;
    changed = true;
    return { when, then };
  });
  const otherwise = map(case_.otherwise);
  if (!changed && otherwise === case_.otherwise) return case_;
  const nullable = otherwise.nullable || branches.some((branch) => branch.then.nullable);
  return { ...case_, branches, otherwise, nullable };
}

function mapAll(list: readonly BoundExpression[], map: Map): readonly BoundExpression[] {
  let changed = false;
  const mapped = list.map((item) => {
    const result = map(item);
    if (result !== item) changed = true;
    return result;
  });
  return changed ? mapped : list;
}

/** Rewrites bottom up: `map` sees an expression whose operands are already rewritten. */
export function transformExpression(expression: BoundExpression, map: Map): BoundExpression {
  return map(mapChildren(expression, (child) => transformExpression(child, map)));
}

/** Columns replaced by what `replacements` has for them. */
export function substituteColumns(
  expression: BoundExpression,
  replacements: ReadonlyMap<ColumnId, BoundExpression>,
): BoundExpression {
  if (replacements.size === 0) return expression;
  return transformExpression(expression, (each) => (each.kind === 'column' ? (replacements.get(each.id) ?? each) : each));
}

/** Whether `test` holds for the expression or anything in it; stops at the first. */
export function someExpression(expression: BoundExpression, test: (expression: BoundExpression) => boolean): boolean {
  return test(expression) || childrenOf(expression).some((child) => someExpression(child, test));
}

/** Adds the columns that the expression reads. */
export function collectColumns(expression: BoundExpression, into: Set<ColumnId>): void {
  if (expression.kind === 'column') into.add(expression.id);
  else for (const child of childrenOf(expression)) collectColumns(child, into);
}

/** The columns that the expression reads. */
export function freeColumns(expression: BoundExpression): Set<ColumnId> {
  const columns = new Set<ColumnId>();
  collectColumns(expression, columns);
  return columns;
}

/** Whether every column that the expression reads is among `columns`; true for constants. */
export function usesOnly(expression: BoundExpression, columns: ReadonlySet<ColumnId>): boolean {
  return !someExpression(expression, (each) => each.kind === 'column' && !columns.has(each.id));
}

/** Whether evaluating it twice in one query may give two values (`random()`). */
export function isVolatile(expression: BoundExpression): boolean {
  return someExpression(expression, (each) => each.kind === 'call' && each.function.volatility === 'volatile');
}

type Shape = readonly (string | number | boolean | bigint | null)[];

/** What distinguishes two expressions of one kind with equal operands. */
const SHAPE: Table<[], Shape> = {
  constant: (constant) => valueShape(constant.value),
  column: (column) => [column.id],
  parameter: (parameter) => [parameter.index],
  call: (call) => [call.function.name, ...call.function.argumentTypes.map(typeKey)],
  and: () => [],
  or: () => [],
  not: () => [],
  is_null: () => [],
  case: () => [],
  coalesce: () => [],
  cast: () => [],
  in: () => [],
};

function valueShape(value: ConstantValue): Shape {
  if (value !== null && typeof value === 'object') return ['interval', value.months, value.days, value.nanoseconds];
  return [value];
}

function typeKey(type: DataType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'timestamp') return `timestamp(${type.unit},${type.zoned})`;
  return type.kind;
}

/** Same meaning by structure: kinds, types, functions, columns and constants agree; spans do not count. */
export function equalExpressions(a: BoundExpression, b: BoundExpression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  const aShape = dispatch(SHAPE, a);
  const bShape = dispatch(SHAPE, b);
  if (aShape.length !== bShape.length || aShape.some((part, position) => !Object.is(part, bShape[position]))) return false;
  const aChildren = childrenOf(a);
  const bChildren = childrenOf(b);
  if (aChildren.length !== bChildren.length) return false;
  return aChildren.every((child, position) => {
    const other = bChildren[position];
    return other !== undefined && equalExpressions(child, other);
  });
}

/** A text that two expressions share exactly when `equalExpressions` holds: a key for maps. */
export function expressionKey(expression: BoundExpression): string {
  const parts = dispatch(SHAPE, expression).map((part) =>
    Object.is(part, -0) ? '-0' : typeof part === 'string' ? JSON.stringify(part) : String(part),
  );
  return `${expression.kind}:${typeKey(expression.type)}[${parts.join(' ')}](${childrenOf(expression).map(expressionKey).join(',')})`;
}
