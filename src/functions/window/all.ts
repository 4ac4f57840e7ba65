import type { WindowDefinition } from '../definition.ts';
import { offsetFunctions } from './offset.ts';
import { rankingFunctions } from './ranking.ts';

/** Every pure window function, by name; aggregates over frames are in `aggregate/`. */
export const windowDefinitions: ReadonlyMap<string, WindowDefinition> = new Map(
  [...rankingFunctions, ...offsetFunctions].map((definition) => [definition.name, definition]),
);
