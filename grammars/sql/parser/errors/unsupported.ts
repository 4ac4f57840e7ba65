import type { IToken } from 'chevrotain';

/** Statements that SQL has and LumaDB refuses by name. */
const STATEMENTS: ReadonlySet<string> = new Set(
  (
    'ALTER CALL CHECKPOINT CLOSE CLUSTER COMMENT DECLARE DELETE DO EXECUTE FETCH GRANT IMPORT LISTEN ' +
    'LOAD LOCK MERGE MOVE NOTIFY PREPARE REASSIGN REFRESH REINDEX RELEASE REVOKE SAVEPOINT SECURITY TRUNCATE UNLISTEN ' +
    'UPDATE VACUUM'
  ).split(' '),
);

const OBJECTS =
  'AGGREGATE CAST COLLATION CONVERSION DATABASE DOMAIN EVENT EXTENSION FOREIGN FUNCTION GROUP INDEX LANGUAGE MATERIALIZED ' +
  'OPERATOR OR OWNED POLICY PROCEDURE PUBLICATION ROLE ROUTINE RULE SCHEMA SEQUENCE SERVER STATISTICS SUBSCRIPTION ' +
  'TABLESPACE TEMP TEMPORARY TEXT TRIGGER TYPE UNIQUE UNLOGGED USER VIEW';

/**
 * Words that are an error where they are found, with what to call them; `^` stands before the token in error, words
 * before it must precede. A sequence is refused (0A000) only where the grammar cannot go on, so none of these can
 * shadow something that parses.
 */
const FEATURES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    OBJECTS.split(' ').flatMap((word) => [`CREATE ^${word}`, `DROP ^${word}`].map((key) => [key, key.replace('^', '')])),
  ),
  'DISTINCT ^ON': 'DISTINCT ON',
  '^INTO': 'SELECT INTO',
  'GROUP BY ^ALL': 'GROUP BY ALL',
  'GROUP BY ^DISTINCT': 'GROUP BY DISTINCT',
  'GROUPING ^SETS': 'GROUPING SETS',
  '^FOR UPDATE': 'FOR UPDATE',
  '^FOR NO': 'FOR NO KEY UPDATE',
  '^FOR SHARE': 'FOR SHARE',
  '^FOR KEY': 'FOR KEY SHARE',
  'GROUPING ^(': 'GROUPING',
  'ROLLBACK ^TO': 'SAVEPOINT',
  'SET TRANSACTION ^ISOLATION': 'SET TRANSACTION',
  'SET TRANSACTION ^READ': 'SET TRANSACTION',
  'CHARACTERISTICS ^AS': 'SET SESSION CHARACTERISTICS',
  '^WITH TIES': 'WITH TIES',
  '^WITH ORDINALITY': 'WITH ORDINALITY',
  '^TABLESAMPLE': 'TABLESAMPLE',
  'FROM ^ONLY': 'ONLY',
  'ROWS ^FROM': 'ROWS FROM',
  '^EXCLUDE': 'EXCLUDE in a window frame',
  '^SIMILAR': 'SIMILAR TO',
  'SIMILAR ^TO': 'SIMILAR TO',
  '^NOT SIMILAR': 'SIMILAR TO',
  '^SYMMETRIC': 'BETWEEN SYMMETRIC',
  '^OVERLAPS': 'OVERLAPS',
  '^WITHIN GROUP': 'WITHIN GROUP',
  '^VARIADIC': 'VARIADIC',
  '^=>': 'a named argument',
  '^:=': 'a named argument',
  '^ARRAY': 'an array',
  '^[': 'an array',
  'ROW ^(': 'a row constructor',
  '^USING': 'USING here',
  '^RETURNING': 'RETURNING',
  '^ON CONFLICT': 'ON CONFLICT',
  '^OVERRIDING': 'OVERRIDING',
  '^DEFAULT': 'DEFAULT',
  '^PRIMARY KEY': 'PRIMARY KEY',
  '^FOREIGN KEY': 'FOREIGN KEY',
  '^REFERENCES': 'REFERENCES',
  '^UNIQUE': 'UNIQUE',
  '^CHECK': 'CHECK',
  '^CONSTRAINT': 'CONSTRAINT',
  '^GENERATED': 'a generated column',
  '^COLLATE': 'COLLATE here',
  '^PARTITION BY': 'PARTITION BY here',
  '^INHERITS': 'INHERITS',
  '( ^LIKE': 'CREATE TABLE LIKE',
  '^WITH NO': 'WITH NO DATA',
  'FROM ^PROGRAM': 'PROGRAM',
  'TO ^PROGRAM': 'PROGRAM',
  'READ ^ONLY': 'READ ONLY',
  '^SERIALIZABLE': 'SERIALIZABLE',
  '^DEFERRABLE': 'DEFERRABLE',
};

/** The patterns by the word in error. */
const BY_WORD: ReadonlyMap<string, readonly { before: string[]; words: string[]; feature: string }[]> = Map.groupBy(
  Object.entries(FEATURES).map(([pattern, feature]) => {
    const [before = '', words = ''] = pattern.split('^');
    return { before: before.split(' ').filter((word) => word !== ''), words: words.split(' '), feature };
  }),
  (entry) => entry.words[0] ?? '',
);

/** What the token in error (at `index`) begins or belongs to, if that is something known but not supported. */
export function unsupportedAt(tokens: readonly IToken[], index: number): string | undefined {
  const word = (position: number): string | undefined => tokens[position]?.image.toUpperCase();
  const current = word(index);
  if (current === undefined) return undefined;
  const previous = word(index - 1);
  if ((previous === undefined || previous === ';') && STATEMENTS.has(current)) return current;
  return BY_WORD.get(current)?.find(
    ({ before, words }) =>
      words.every((each, offset) => word(index + offset) === each) &&
      before.every((each, offset) => word(index - before.length + offset) === each),
  )?.feature;
}
