import type { TableFunctionDefinition } from '../definition.ts';
import { generateSeries } from './generate-series.ts';

/** Every table function, by name. */
export const tableDefinitions: ReadonlyMap<string, TableFunctionDefinition> = new Map(
  [generateSeries].map((definition) => [definition.name, definition]),
);
