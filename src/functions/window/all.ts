import type { WindowDefinition } from '../definition.ts';

/** Every pure window function, by name. */
export const windowDefinitions: ReadonlyMap<string, WindowDefinition> = new Map();
