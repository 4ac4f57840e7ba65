import type { Session } from '../engine/session.ts';
import { typeName } from '../types/data-type.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import { didYouMean } from '../types/nearest.ts';
import { displayWidth, pad, visible } from './format/width.ts';

/** Every table with its rows and columns. */
export function listTables(session: Session): string {
  const snapshot = session.snapshot();
  try {
    const tables = snapshot.tables().toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (tables.length === 0) return 'There are no tables yet.\n';
    const rows = tables.map((table) => [
      table.name,
      String(snapshot.statistics(table.name).rows),
      table.columns.map((column) => column.name).join(', '),
    ]);
    return grid(['Table', 'Rows', 'Columns'], rows);
  } finally {
    snapshot.release();
  }
}

/** The columns of one table: type, role, nullability. Throws 42P01. */
export function describeTable(session: Session, name: string): string {
  const snapshot = session.snapshot();
  try {
    const table = snapshot.table(name.replaceAll('"', ''));
    if (table === undefined) {
      const names = snapshot.tables().map((each) => each.name);
      throw new LumaError(SQLSTATE.undefinedTable, `table "${name}" does not exist`, { hint: didYouMean(name, names) });
    }
    const rows = table.columns.map((column) => [
      column.name,
      typeName(column.type),
      column.role,
      column.notNull ? 'not null' : '',
    ]);
    return `Table "${table.name}"\n${grid(['Column', 'Type', 'Role', 'Nullable'], rows)}`;
  } finally {
    snapshot.release();
  }
}

function grid(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [heading, ...rows].map((row) => row.map(visible));
  const widths = heading.map((_, i) => Math.max(...shown.map((row) => displayWidth(row[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    ` ${cells.map((cell, i) => pad(cell, widths[i] ?? 0, false)).join(' | ')}`.trimEnd();
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  return `${[line(shown[0] ?? []), rule, ...shown.slice(1).map(line)].join('\n')}\n`;
}
