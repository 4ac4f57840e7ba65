import type { KeywordClass } from '../sql/lexer/keywords.ts';

/*
 * PostgreSQL's keywords (version 18, src/include/parser/kwlist.h; documented in appendix C) by where they may be names.
 * Words that are not here may be names anywhere.
 */

const COLUMN =
  'between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer ' +
  'interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize ' +
  'json_table json_value least merge_action national nchar none normalize nullif numeric out overlay position precision real ' +
  'row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists ' +
  'xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable';

const FUNCTION =
  'authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural ' +
  'notnull outer overlaps right similar tablesample verbose';

const RESERVED =
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
  'current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do ' +
  'else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit ' +
  'localtime localtimestamp not null offset on only or order placing primary references returning select session_user some ' +
  'symmetric system_user table then to trailing true union unique user using variadic when where window with';

/** Words that name a select item only after AS. */
const NEEDS_AS =
  'array as char character create day except fetch filter for from grant group having hour intersect into limit minute month ' +
  'offset on order over overlaps precision returning second to union varying where window with within without year';

const words = (text: string): string[] => text.toUpperCase().split(' ');

export const CLASSES: ReadonlyMap<string, KeywordClass> = new Map([
  ...words(COLUMN).map((word) => [word, 'column'] as const),
  ...words(FUNCTION).map((word) => [word, 'function'] as const),
  ...words(RESERVED).map((word) => [word, 'reserved'] as const),
]);

export const NEED_AS: ReadonlySet<string> = new Set(words(NEEDS_AS));
