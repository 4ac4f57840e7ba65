import type { TableFunctionDefinition } from '../definition.ts';

/** Every table function, by name. */
export const tableDefinitions: ReadonlyMap<string, TableFunctionDefinition> = new Map();
