import { notSupported } from '../types/error.ts';
import type { Span } from '../types/span.ts';

/** Functions of PostgreSQL that are known and not here, and what to use instead. */
const REFUSED: Readonly<Record<string, string>> = {
  array_agg: 'There are no array values. Select the rows themselves, in order.',
  json_agg: 'There are no array values. Select the rows themselves, in order.',
  jsonb_agg: 'There are no array values. Select the rows themselves, in order.',
  string_agg: 'Select the texts themselves, in order, and join them in the client.',
  to_char: 'Cast the value to TEXT, or take its parts with EXTRACT.',
  to_date: "Write the date as YYYY-MM-DD and cast it: CAST('2024-02-29' AS DATE).",
  to_number: 'Cast the text: CAST(text AS DECIMAL(18, 2)).',
  percentile_cont: 'Order the rows and take the one in the middle with row_number() and count(*).',
  percentile_disc: 'Order the rows and take the one in the middle with row_number() and count(*).',
};

/** Throws 0A000 for a function that is known and not here. */
export function refuse(name: string, span: Span): void {
  const hint = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (hint !== undefined) throw notSupported(`${name}()`, { span, hint });
}
