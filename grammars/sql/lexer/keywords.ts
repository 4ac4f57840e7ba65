/** Words with a meaning in the shared SQL grammar. Which of them are reserved is the dialect's business. */
export const KEYWORDS = [
  ...['ABORT', 'ALL', 'ANALYZE', 'AND', 'ANY', 'ARRAY', 'AS', 'ASC', 'AT'],
  ...['BEGIN', 'BETWEEN', 'BOTH', 'BY'],
  ...['CASE', 'CAST', 'CHAR', 'CHARACTER', 'COALESCE', 'COLLATE', 'COMMIT', 'COMMITTED', 'COPY', 'CREATE', 'CROSS'],
  ...['CURRENT', 'CURRENT_CATALOG', 'CURRENT_DATE', 'CURRENT_ROLE', 'CURRENT_SCHEMA', 'CURRENT_TIME'],
  ...['CURRENT_TIMESTAMP', 'CURRENT_USER'],
  ...['DATA', 'DAY', 'DEALLOCATE', 'DEFAULT', 'DESC', 'DISCARD', 'DISTINCT', 'DOUBLE', 'DROP'],
  ...['ELSE', 'END', 'ESCAPE', 'EXCEPT', 'EXISTS', 'EXPLAIN', 'EXTRACT'],
  ...['FALSE', 'FETCH', 'FILTER', 'FIRST', 'FOLLOWING', 'FOR', 'FROM', 'FULL'],
  ...['GREATEST', 'GROUP', 'GROUPS', 'HAVING', 'HOUR'],
  ...['IF', 'ILIKE', 'IN', 'INNER', 'INSERT', 'INTERSECT', 'INTERVAL', 'INTO', 'IS', 'ISNULL', 'ISOLATION'],
  ...['JOIN', 'LAST', 'LATERAL', 'LEADING', 'LEAST', 'LEFT', 'LEVEL', 'LIKE', 'LIMIT', 'LOCAL', 'LOCALTIME'],
  ...['LOCALTIMESTAMP', 'MATERIALIZED', 'MINUTE', 'MONTH'],
  ...['NAMES', 'NATURAL', 'NEXT', 'NO', 'NOT', 'NOTNULL', 'NULL', 'NULLIF', 'NULLS'],
  ...['OFFSET', 'ON', 'ONLY', 'OPERATOR', 'OR', 'ORDER', 'OUTER', 'OVER', 'OVERLAY'],
  ...['PARTITION', 'PLACING', 'PLANS', 'POSITION', 'PRECEDING', 'PRECISION', 'PREPARE'],
  ...['RANGE', 'READ', 'RECURSIVE', 'REPEATABLE', 'RESET', 'RIGHT', 'ROLLBACK', 'ROW', 'ROWS'],
  ...['SECOND', 'SELECT', 'SEQUENCES', 'SESSION', 'SESSION_USER', 'SET', 'SHOW', 'SOME', 'START', 'STDIN', 'STDOUT', 'SUBSTRING'],
  ...['TABLE', 'TEMP', 'TEMPORARY', 'THEN', 'TIME', 'TIMESTAMP', 'TO', 'TRAILING', 'TRANSACTION', 'TRIM', 'TRUE'],
  ...['UNBOUNDED', 'UNCOMMITTED', 'UNION', 'UNKNOWN', 'USER', 'USING'],
  ...['VALUES', 'VARYING', 'VERBOSE', 'WHEN', 'WHERE', 'WINDOW', 'WITH', 'WITHOUT', 'WORK', 'WRITE', 'YEAR', 'ZONE'],
] as const;

export type Keyword = (typeof KEYWORDS)[number];

/**
 * Where a keyword may still be a name (PostgreSQL 16, appendix C): anywhere; anywhere but before a parenthesis
 * (`column`); only as function or type (`function`); only after AS or a dot (`reserved`).
 */
export type KeywordClass = 'unreserved' | 'column' | 'function' | 'reserved';
