import type { ScalarDefinition } from '../definition.ts';
import { arithmeticFunctions } from './arithmetic.ts';
import { comparisonFunctions } from './comparison.ts';

/** Every scalar function, by name: one line per topic. */
export const scalarDefinitions: ReadonlyMap<string, ScalarDefinition> = new Map(
  [...arithmeticFunctions, ...comparisonFunctions].map((definition) => [definition.name, definition]),
);
