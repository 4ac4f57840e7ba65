import { FUNCTIONS } from './functions.ts';
import { AGGREGATORS } from './keywords.ts';

/** Words that begin a statement of some SQL dialect, alone or before what no metric of that name goes on with. */
const SQL_START =
  /^(?:select|with|insert|create|drop|copy|explain|analyze|values|begin|commit|rollback|set|show|update|delete|alter|table)(?:\s+["'`\w*(]|\s*$)/i;
/** What only PromQL has: braces with matchers, `[5m]`, offset, @, grouping, matching. */
const EVIDENCE: readonly RegExp[] = [
  /\{\s*(?:\}|["'`]|[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*["'`])/,
  /\[\s*(?:\d+(?:ms|[smhdwy]))+\s*(?::[^\]]*)?\]/,
  /\boffset\s+-?\d+(?:ms|[smhdwy])/i,
  /@\s*(?:\d|start\s*\(|end\s*\()/i,
  /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(/i,
  /[<>=!]=?\s*bool\b/i,
];

const CALL = new RegExp(`^[\\s(+-]*(?:${[...FUNCTIONS.keys(), ...AGGREGATORS].join('|')})\\s*(?:\\(|by\\b|without\\b)`, 'i');

/** What may stand before a statement of SQL. */
const SQL_LEAD = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/;
/** Two operands side by side: no operator, no comma between. */
const JUXTAPOSED = /[\w")](?<!\b(?:and|or|unless|atan2|bool|offset))\s+(?!(?:and|or|unless|atan2|offset)\b)[\w"]/i;

/**
 * How much a text looks like PromQL, by its tokens alone: 0 for what begins like a statement or has no shape of PromQL,
 * near 1 for selectors and ranges, one half for what many languages could say (`1 + 1`, `up`).
 */
export function recognizePromql(text: string): number {
  if (SQL_START.test(text.replace(SQL_LEAD, ''))) return 0;
  const bare = text
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""')
    .replace(/#.*/g, '')
    .trim();
  if (bare === '' || /;|\/\*/.test(bare)) return 0;
  const found = EVIDENCE.filter((each) => each.test(bare)).length;
  if (found > 0) return Math.min(0.99, 0.9 + 0.03 * found);
  if (CALL.test(bare)) return 0.8;
  return JUXTAPOSED.test(bare) || /[^\s\w:.,()+\-*/%^<>=!"]/.test(bare) ? 0 : 0.5;
}
