import { explainLogical } from '../../../planner/explain/logical.ts';
import type { Rule } from '../../../planner/rules/rule.ts';
import { rewrite } from './oracle/oracle.ts';

/** The plan of a query over the small tables after exactly these rules, as EXPLAIN VERBOSE prints it. */
export function planAfter(sql: string, ...rules: readonly Rule[]): string {
  return explainLogical(rewrite(sql, rules).plan).join('\n');
}

/** Whether the last of the rules changes what the ones before it made. */
export function lastFires(sql: string, ...rules: readonly Rule[]): boolean {
  return rewrite(sql, rules).trace.at(-1)?.changed ?? false;
}
