import type { Expression } from '../../../grammars/ast/expression.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';

/**
 * The position (from 0) that a whole number in ORDER BY or GROUP BY names; undefined for what is no constant. Errors:
 * 42P10 out of range, 42601 any other constant (PostgreSQL, parse_clause.c: findTargetlistEntrySQL92).
 */
export function ordinalOf(expression: Expression, outputs: number, clause: 'ORDER BY' | 'GROUP BY'): number | undefined {
  if (expression.kind !== 'literal') return undefined;
  const { span, value } = expression;
  if (value.type !== 'integer') {
    throw new LumaError(SQLSTATE.syntaxError, `non-integer constant in ${clause}`, { span });
  }
  const ordinal = Number(value.text);
  if (ordinal >= 1 && ordinal <= outputs) return ordinal - 1;
  throw new LumaError(SQLSTATE.invalidColumnReference, `${clause} position ${value.text} is not in select list`, { span });
}

/** The positions of the outputs with a name. */
export function positionByName(name: string, names: readonly string[]): readonly number[] {
  return names.flatMap((each, position) => (each === name ? [position] : []));
}
