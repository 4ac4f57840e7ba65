import type { BoundExpression, ColumnId } from '../../../planner/expression.ts';
import { expressionKey, isVolatile, someExpression } from '../../../planner/expression-visit.ts';
import type { Value } from '../../functions/definition.ts';
import { type DataType, TEXT } from '../../types/data-type.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { neverRaises, onlyColumn } from './analysis.ts';
import type { DictionaryTableRequest, ExpressionContext } from './context.ts';
import { assign, localTypes, newValue, part, pushIsNull, textOf } from './values.ts';

/**
 * Expressions over one dictionary-coded column are computed once per dictionary value, into a table that rows look up by
 * code. Only what cannot raise: a dictionary may hold values that no row has.
 *
 * An entry of the values table: boolean one byte; int32, date four; int64, timestamp, float64, narrow decimal eight; wide
 * decimal and interval sixteen; text eight (address, length).
 */
function entryWidth(type: DataType): number {
  if (type.kind === 'boolean') return 1;
  return localTypes(type).reduce((sum, each) => sum + (each === 'i32' ? 4 : 8), 0);
}

/** The expression's value by a table lookup; undefined when it is not of the kind that a table serves. */
export function emitThroughDictionary(context: ExpressionContext, expression: BoundExpression): Value | undefined {
  if (expression.kind === 'is_null' || expression.type.kind === 'null') return undefined;
  const id = onlyColumn(expression);
  if (id === undefined || !touchesText(expression, id)) return undefined;
  if (isVolatile(expression) || !neverRaises(expression)) return undefined;
  const column = context.column(id);
  const coded = column.dictionary;
  if (coded === undefined) return undefined;
  const request: DictionaryTableRequest = {
    column: id,
    dictionary: coded.dictionary,
    expression,
    key: `${coded.dictionary.key}|${expressionKey(expression)}`,
    width: entryWidth(expression.type),
    nullable: expression.nullable,
  };
  const table = context.dictionaryTable(request);
  if (table === null) return undefined;
  const { f } = context;
  const code = f.local('i32');
  if (column.isNull === null) f.get(coded.code);
  else {
    coded.dictionary.pushSize(f);
    f.get(coded.code).get(column.isNull).select();
  }
  f.set(code);
  const entry = f.local('i32');
  table.pushValues(f);
  f.get(code).i32(request.width).op('i32.mul').op('i32.add').set(entry);
  const result = newValue(f, expression.type);
  accessEntry(f, entry, result, 'load');
  if (!request.nullable) return result;
  const isNull = f.local('i32');
  table.pushNulls(f);
  f.get(code).op('i32.add').load('i32.load8_u').set(isNull);
  return { ...result, isNull };
}

function touchesText(expression: BoundExpression, column: ColumnId): boolean {
  return someExpression(expression, (each) => each.kind === 'column' && each.id === column && each.type.kind === 'text');
}

/** Loads an entry into the value's locals, or stores them to it. */
function accessEntry(f: FunctionBuilder, entry: Local, value: Value, direction: 'load' | 'store'): void {
  if (value.type.kind === 'boolean') {
    if (direction === 'load') f.get(entry).load('i32.load8_u').set(part(value, 0));
    else f.get(entry).get(part(value, 0)).store('i32.store8');
    return;
  }
  let offset = 0;
  for (const local of value.locals) {
    const { type } = local;
    if (type !== 'i32' && type !== 'i64' && type !== 'f64') throw new RangeError(`no entry holds a ${type}`);
    if (direction === 'load') f.get(entry).load(`${type}.load`, offset, 2).set(local);
    else f.get(entry).get(local).store(`${type}.store`, offset, 2);
    offset += type === 'i32' ? 4 : 8;
  }
}

/**
 * Writes the body of a prepare function: fills the request's tables, size + 1 entries each, in a loop over the codes.
 * `contextFor` gives a context whose only column is the given value; `emit` is `emitExpression`. The addresses are i32 locals.
 */
export function emitDictionaryTable(
  f: FunctionBuilder,
  request: DictionaryTableRequest,
  values: Local,
  nulls: Local | null,
  contextFor: (column: Value) => ExpressionContext,
  emit: (context: ExpressionContext, expression: BoundExpression) => Value,
): void {
  const code = f.local('i32');
  const size = f.local('i32');
  const isNull = f.local('i32');
  const entry = f.local('i32');
  request.dictionary.pushSize(f);
  f.set(size);
  f.get(values).set(entry);
  f.i32(0).set(code);
  f.loop((again) => {
    const column: Value = { type: TEXT, locals: [f.local('i32'), f.local('i32')], isNull, bounds: null };
    f.get(code).get(size).op('i32.eq').tee(isNull);
    f.ifElse(
      () => f.i32(0).set(part(column, 0)).i32(0).set(part(column, 1)),
      () => {
        const text = textOf(f, { ...column, locals: [], dictionary: { code, dictionary: request.dictionary } });
        f.get(part(text, 0)).set(part(column, 0)).get(part(text, 1)).set(part(column, 1));
      },
    );
    const computed = emit(contextFor(column), request.expression);
    const value = computed.type.kind === 'text' ? textOf(f, computed) : computed;
    const stored = newValue(f, request.expression.type);
    assign(f, stored, value);
    accessEntry(f, entry, stored, 'store');
    if (nulls !== null) {
      f.get(nulls).get(code).op('i32.add');
      pushIsNull(f, value);
      f.store('i32.store8');
    }
    f.get(entry).i32(request.width).op('i32.add').set(entry);
    f.get(code).i32(1).op('i32.add').tee(code).get(size).op('i32.le_u').brIf(again);
  });
}
