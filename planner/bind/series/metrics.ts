import { isNumeric } from '../../../src/types/data-type.ts';
import type { TableColumn, TableInfo } from '../../catalog.ts';

/** A numeric field of a table with a time column, read as a metric. */
export interface Metric {
  readonly name: string;
  readonly table: TableInfo;
  readonly time: TableColumn;
  readonly field: TableColumn;
  readonly tags: readonly TableColumn[];
}

/** The metrics of a table by the data model: `table` if its only field is `value`, else `table_field`. */
export function metricsOf(table: TableInfo): readonly Metric[] {
  const time = table.columns.find((column) => column.role === 'time');
  if (time === undefined || (time.type.kind !== 'timestamp' && time.type.kind !== 'date')) return [];
  const fields = table.columns.filter((column) => column.role === 'field' && isNumeric(column.type));
  const tags = table.columns.filter((column) => column.role === 'tag');
  return fields.map((field) => {
    const name = fields.length === 1 && field.name === 'value' ? table.name : `${table.name}_${field.name}`;
    return { name, table, time, field, tags };
  });
}
