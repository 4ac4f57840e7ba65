import type { Insert } from '../../grammars/ast/statement.ts';
import { bindInsert } from '../../planner/bind/insert.ts';
import { type CompileContext, type Compiled, compile } from './compile.ts';

/** The query whose rows are written: one output per column of the table, in its order and of its type. */
export function compileInsert(
  statement: Insert,
  context: CompileContext,
): { readonly table: string; readonly compiled: Compiled } {
  let table = statement.table;
  const compiled = compile(context, (options) => {
    const bound = bindInsert(statement, context.catalog, options);
    table = bound.table.name;
    return bound.query;
  });
  return { table, compiled };
}
