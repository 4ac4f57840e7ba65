import { LumaError, SQLSTATE } from '../src/types/error.ts';
import { didYouMean } from '../src/types/nearest.ts';
import type { Language } from './language.ts';
import { lql } from './lql/language.ts';
import { promql } from './promql/language.ts';

/*
 * Every language LumaDB reads, one line each. Importing this file builds no parser: a language makes its own when it
 * first parses.
 */

/** In the order in which they win a tie of `detect`. */
export const languages: readonly Language[] = [lql, promql];

/** The language of that name, whatever its case. Throws 22023 with the nearest name as hint. */
export function languageNamed(name: string): Language {
  const found = languages.find((language) => language.name === name.toLowerCase());
  if (found !== undefined) return found;
  const names = languages.map((language) => language.name);
  throw new LumaError(SQLSTATE.invalidParameterValue, `there is no query language "${name}"`, {
    expected: names,
    hint: didYouMean(name, names),
  });
}
