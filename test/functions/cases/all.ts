import { castCases } from './cast.ts';
import { logicCases } from './logic.ts';
import { numericCases } from './numeric.ts';
import { textCases } from './text.ts';
import { timeCases } from './time.ts';

/** Expressions without columns, by topic; `record.ts` asks PostgreSQL for their answers. */
export const cases: Readonly<Record<string, readonly string[]>> = {
  numeric: [...new Set(numericCases)],
  cast: [...new Set(castCases)],
  logic: [...new Set(logicCases)],
  text: [...new Set(textCases)],
  time: [...new Set(timeCases)],
};
