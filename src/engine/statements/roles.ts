import type { ColumnDefinition as ColumnSyntax } from '../../../grammars/ast/statement.ts';
import type { ColumnDefinition, ColumnRole } from '../../../storage/api.ts';
import type { DataType } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Span } from '../../types/span.ts';

/**
 * Column roles of a new table. A written role stands; without one, the first timestamp column is the time unless another
 * has that role, text is a tag, everything else a field. Throws 42701 for two columns of one name, 42611 for two time
 * columns or a role the type cannot have.
 */
export function columnsWithRoles(columns: readonly ColumnSyntax[]): readonly ColumnDefinition[] {
  const seen = new Set<string>();
  let time: string | undefined;
  for (const column of columns) {
    if (seen.has(column.name)) {
      throw new LumaError(SQLSTATE.duplicateColumn, `column "${column.name}" is given twice`, { span: column.span });
    }
    seen.add(column.name);
    checkRole(column.role, column.type, column.span);
    if (column.role !== 'time') continue;
    if (time !== undefined) {
      throw new LumaError(SQLSTATE.invalidColumnDefinition, `"${time}" is already the time column`, {
        span: column.span,
        hint: 'A table has one TIME column; leave the role off the other.',
      });
    }
    time = column.name;
  }
  time ??= columns.find((column) => column.role === null && column.type.kind === 'timestamp')?.name;
  return columns.map(({ name, type, role, notNull }) => ({
    name,
    type,
    role: role ?? (name === time ? 'time' : type.kind === 'text' ? 'tag' : 'field'),
    notNull,
  }));
}

function checkRole(role: ColumnRole | null, type: DataType, span: Span): void {
  if (role === 'time' && type.kind !== 'timestamp') {
    throw new LumaError(SQLSTATE.invalidColumnDefinition, 'a TIME column must be a timestamp', { span });
  }
  if (role === 'tag' && type.kind !== 'text') {
    throw new LumaError(SQLSTATE.invalidColumnDefinition, 'a TAG column must be text', {
      span,
      hint: 'Declare it TEXT TAG, or leave it a field.',
    });
  }
}
