import type { BoundExpression, ColumnId, ConstantValue } from '../../../planner/expression.ts';
import { expressionKey } from '../../../planner/expression-visit.ts';
import type { LaneContext, LaneOperation, LaneShape } from '../../functions/definition.ts';
import { scalarDefinition } from '../../functions/lookup.ts';
import { MAX_DECIMAL64_PRECISION } from '../../types/data-type.ts';
import type { Span } from '../../types/span.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { exactly, typeBounds } from './values.ts';

/** Expressions over two rows at once: columns, constants, and functions that have code for lanes. */
export interface LanePlan {
  readonly shape: LaneShape;
  /** The values of the two rows in a v128; what was computed for them before is used again. */
  emit(lanes: LaneRow): Local;
}

/** Two rows while code for them is emitted. */
export interface LaneRow {
  readonly f: FunctionBuilder;
  readonly known: Map<string, Local>;
  /** The column's values, integers as int64. */
  column(id: ColumnId): Local;
  /** Eight bytes in both lanes. */
  constant(bytes: Uint8Array): Local;
  /** See LaneContext. */
  raiseWhere(code: string, message: string, span: Span): void;
}

export interface LaneColumns {
  /** Undefined for a column that does not come in lanes. */
  shapeOf(id: ColumnId): LaneShape | undefined;
  constantOf(expression: BoundExpression): ConstantValue | undefined;
}

/** How to compute the expression in lanes; undefined when it is not of that kind. */
export function planLanes(expression: BoundExpression, columns: LaneColumns): LanePlan | undefined {
  switch (expression.kind) {
    case 'column': {
      const shape = columns.shapeOf(expression.id);
      return shape && { shape, emit: (row) => row.column(expression.id) };
    }
    case 'constant':
    case 'parameter':
      return planConstant(expression, columns.constantOf(expression));
    case 'cast': {
      // int32 is in lanes as int64 already
      if (expression.type.kind !== 'int64' || expression.operand.type.kind !== 'int32') return undefined;
      const operand = planLanes(expression.operand, columns);
      return operand && { shape: { ...operand.shape, type: expression.type }, emit: (row) => operand.emit(row) };
    }
    case 'call': {
      const { lanes } = scalarDefinition(expression.function);
      if (lanes === undefined) return undefined;
      const arguments_ = expression.arguments.flatMap((argument) => planLanes(argument, columns) ?? []);
      if (arguments_.length < expression.arguments.length) return undefined;
      const operation = lanes(
        arguments_.map(({ shape }) => shape),
        expression.type,
      );
      return operation && planOperation(expression, operation, arguments_);
    }
    default:
      return undefined;
  }
}

function planOperation(expression: BoundExpression, operation: LaneOperation, arguments_: readonly LanePlan[]): LanePlan {
  const key = expressionKey(expression);
  return {
    shape: operation.shape,
    emit: (row) => {
      const known = row.known.get(key);
      if (known !== undefined) return known;
      const locals = arguments_.map((argument) => argument.emit(row));
      const result = row.f.local('v128');
      const context: LaneContext = {
        f: row.f,
        raiseWhere: (code, message) => row.raiseWhere(code, message, expression.span),
      };
      operation.emit(context, locals);
      row.f.set(result);
      row.known.set(key, result);
      return result;
    },
  };
}

function planConstant({ type }: BoundExpression, value: ConstantValue | undefined): LanePlan | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (type.kind === 'float64') {
    const range = Number.isFinite(value) ? { min: Number(value), max: Number(value) } : undefined;
    const bytes = new Uint8Array(Float64Array.of(Number(value)).buffer);
    return { shape: { type, bounds: null, range }, emit: (row) => row.constant(bytes) };
  }
  if (typeBounds(type) === null || (type.kind === 'decimal' && type.precision > MAX_DECIMAL64_PRECISION)) return undefined;
  const bytes = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  return { shape: { type, bounds: exactly(BigInt(value)) }, emit: (row) => row.constant(bytes) };
}
