import type { AggregateDefinition } from '../definition.ts';
import { booleanAggregates } from './boolean.ts';
import { countAggregates } from './count.ts';
import { extremeAggregates } from './extremes.ts';
import { singleValueAggregates } from './single-value.ts';
import { statisticsAggregates } from './statistics.ts';
import { sumAggregates } from './sum.ts';

/** Every aggregate function, by name: one line per topic. */
export const aggregateDefinitions: ReadonlyMap<string, AggregateDefinition> = new Map(
  [
    ...countAggregates,
    ...sumAggregates,
    ...extremeAggregates,
    ...booleanAggregates,
    ...statisticsAggregates,
    ...singleValueAggregates,
  ].map((definition) => [definition.name, definition]),
);
