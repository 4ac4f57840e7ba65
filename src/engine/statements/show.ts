import type { ShowVariable } from '../../../grammars/ast/statement.ts';
import { TEXT } from '../../types/data-type.ts';
import type { Schema } from '../../types/vector.ts';
import { vectorOf } from '../../types/vector-build.ts';
import type { Outcome } from '../results/outcome.ts';
import { readyRows } from '../results/rows.ts';
import type { Settings } from '../settings.ts';

/** SHOW gives one column named after the variable; SHOW ALL gives name and setting. */
export function showSchema(name: string): Schema {
  const columns = name === 'all' ? ['name', 'setting'] : [name];
  return columns.map((each) => ({ name: each, type: TEXT, nullable: false }));
}

export function show(statement: ShowVariable, settings: Settings): Outcome {
  const columns =
    statement.name === 'all'
      ? [settings.all().map(({ name }) => name), settings.all().map(({ value }) => value)]
      : [[settings.get(statement.name)]];
  const batch = { length: columns[0]?.length ?? 0, columns: columns.map((values) => vectorOf(TEXT, values)) };
  return readyRows('SHOW', showSchema(statement.name), batch);
}
