import type { ScalarDefinition } from '../definition.ts';
import { choiceFunctions } from './choice.ts';
import { comparisonFunctions } from './comparison.ts';
import { arithmeticFunctions } from './numeric/arithmetic.ts';
import { mathFunctions } from './numeric/functions.ts';
import { gcdFunctions } from './numeric/gcd.ts';
import { roundingFunctions } from './numeric/rounding.ts';
import { sessionFunctions } from './session.ts';
import { basicTextFunctions } from './text/basic.ts';
import { composedTextFunctions } from './text/composed.ts';
import { likeFunctions } from './text/like.ts';
import { regexFunctions } from './text/regex.ts';
import { makeTimeFunctions } from './time/make.ts';
import { partFunctions } from './time/parts.ts';
import { truncateFunctions } from './time/truncate.ts';

/** Every scalar function, by name: one line per topic. */
export const scalarDefinitions: ReadonlyMap<string, ScalarDefinition> = new Map(
  [
    ...arithmeticFunctions,
    ...comparisonFunctions,
    ...choiceFunctions,
    ...roundingFunctions,
    ...mathFunctions,
    ...basicTextFunctions,
    ...composedTextFunctions,
    ...likeFunctions,
    ...regexFunctions,
    ...truncateFunctions,
    ...partFunctions,
    ...makeTimeFunctions,
    ...sessionFunctions,
    ...gcdFunctions,
  ].map((definition) => [definition.name, definition]),
);
