import type { Statement } from '../ast/statement.ts';
import { type PrintOptions, printStatement } from '../sql/printer/statements.ts';
import { LQL } from './dialect.ts';

/** The canonical LQL text of a statement; 0A000 for what LQL cannot say. */
export function print(statement: Statement, options?: PrintOptions): string {
  return printStatement(statement, LQL, options);
}
