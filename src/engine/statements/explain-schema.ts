import { TEXT } from '../../types/data-type.ts';
import type { Schema } from '../../types/vector.ts';

/** EXPLAIN gives lines of text, in the column that PostgreSQL's has. */
export function explainSchema(): Schema {
  return [{ name: 'QUERY PLAN', type: TEXT, nullable: false }];
}
