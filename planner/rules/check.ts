import { sameType, typeName } from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { BoundExpression, Column, ColumnId } from '../expression.ts';
import { childrenOf } from '../expression-visit.ts';
import type { LogicalPlan } from '../logical/plan.ts';
import { sourcesOf } from '../logical/series-relations.ts';
import { expressionsOf, inputsOf } from '../logical/visit.ts';

/**
 * What must hold of a plan after every rule. A violation is a bug of the rule, reported as XX000 with its name, never a
 * wrong answer.
 */

/** The root delivers the same columns in the same order; a column may have become NOT NULL. */
export function checkSchema(rule: string, before: readonly Column[], after: readonly Column[]): void {
  if (before.length !== after.length) throw broken(rule, `${before.length} columns became ${after.length}`);
  before.forEach((was, position) => {
    const is = after[position];
    if (is === undefined || is.id !== was.id) throw broken(rule, `column ${was.name} was replaced by ${is?.name ?? 'nothing'}`);
    if (!sameType(was.type, is.type))
      throw broken(rule, `${was.name} changed from ${typeName(was.type)} to ${typeName(is.type)}`);
    if (is.nullable && !was.nullable) throw broken(rule, `${was.name} became nullable`);
  });
}

/** Every column reference finds a column of an input (or, under an Apply, of an outer left side) with its type. */
export function checkReferences(rule: string, plan: LogicalPlan): void {
  check(rule, plan, new Map());
}

type Scope = ReadonlyMap<ColumnId, Column>;

function check(rule: string, plan: LogicalPlan, outer: Scope): void {
  const visible = new Map(outer);
  for (const input of inputsOf(plan)) {
    for (const column of input.columns) {
      visible.set(column.id, column);
    }
  }
  for (const expression of expressionsOf(plan)) checkExpression(rule, plan.kind, expression, visible);
  checkColumns(rule, plan, visible);
  switch (plan.kind) {
    case 'apply':
      check(rule, plan.left, outer);
      check(rule, plan.right, new Map([...outer, ...byId(plan.left.columns)]));
      return;
    default:
      for (const input of inputsOf(plan)) check(rule, input, outer);
  }
}

function checkExpression(rule: string, where: string, expression: BoundExpression, visible: Scope): void {
  if (expression.kind === 'column') {
    const column = visible.get(expression.id);
    if (column === undefined) throw broken(rule, `${where} refers to ${expression.name}, which no input delivers`);
    if (!sameType(column.type, expression.type)) {
      throw broken(rule, `${where} reads ${expression.name} as ${typeName(expression.type)}, not ${typeName(column.type)}`);
    }
    if (column.nullable && !expression.nullable) throw broken(rule, `${where} takes ${expression.name} for NOT NULL`);
    return;
  }
  for (const child of childrenOf(expression)) checkExpression(rule, where, child, visible);
}

function checkColumns(rule: string, plan: LogicalPlan, visible: Scope): void {
  const seen = new Set<ColumnId>();
  for (const column of plan.columns) {
    if (seen.has(column.id)) throw broken(rule, `${plan.kind} delivers ${column.name} twice`);
    seen.add(column.id);
  }
  switch (plan.kind) {
    case 'set_operation':
      for (const input of plan.inputs) {
        if (input.columns.length !== plan.columns.length) throw broken(rule, 'inputs of a set operation differ in width');
        plan.columns.forEach((column, position) => {
          const fed = input.columns[position];
          if (fed === undefined || !sameType(fed.type, column.type)) {
            throw broken(rule, `an input of a set operation does not deliver ${column.name} as ${typeName(column.type)}`);
          }
        });
      }
      return;
    case 'series_scan':
      for (const source of sourcesOf(plan.series)) {
        for (const id of [source.time, source.value, ...source.labels.map((label) => label.column)]) {
          if (!source.relation.columns.some((column) => column.id === id)) throw broken(rule, 'a series source lacks a column');
        }
      }
      return;
    case 'project':
    case 'aggregate': {
      const items = plan.kind === 'project' ? plan.items : plan.keys;
      for (const { output, expression } of items) {
        if (expression.nullable && !output.nullable) throw broken(rule, `${plan.kind} delivers ${output.name} as NOT NULL`);
        const same = visible.get(output.id);
        if (same !== undefined && !(expression.kind === 'column' && expression.id === output.id)) {
          throw broken(rule, `${plan.kind} gives the id of ${same.name} to something else`);
        }
      }
      return;
    }
    default:
      return;
  }
}

function byId(columns: readonly Column[]): readonly (readonly [ColumnId, Column])[] {
  return columns.map((column) => [column.id, column]);
}

function broken(rule: string, what: string): LumaError {
  return new LumaError(SQLSTATE.internalError, `rule ${rule} broke the plan: ${what}`, {
    hint: `Switch the rule off with SET disabled_rules = '${rule}' and report the query.`,
  });
}
