import type { Catalog, TableInfo, TableStatistics } from '../../planner/catalog.ts';
import type { Snapshot, TableDefinition } from '../../storage/api.ts';
import { evaluateConstant } from '../exec/expression/evaluate.ts';
import { functionCatalog } from '../functions/registry.ts';

/** The planner's view of one snapshot; statistics are read when first asked for, and noted in `read`. */
export function catalogOf(snapshot: Snapshot, zoneMaps: boolean, read = new Map<string, TableStatistics>()): Catalog {
  const known = new Map<string, TableInfo>();
  const info = (definition: TableDefinition): TableInfo => {
    const cached = known.get(definition.name);
    if (cached !== undefined) return cached;
    const made: TableInfo = {
      name: definition.name,
      columns: definition.columns,
      statistics: () => {
        const statistics = snapshot.statistics(definition.name);
        read.set(definition.name, statistics);
        return statistics;
      },
      capabilities: { zoneMaps },
    };
    known.set(definition.name, made);
    return made;
  };
  return {
    table: (name) => {
      const definition = snapshot.table(name);
      return definition === undefined ? undefined : info(definition);
    },
    tables: () =>
      snapshot
        .tables()
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(info),
    functions: functionCatalog,
    evaluate: evaluateConstant,
  };
}
