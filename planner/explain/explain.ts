import type { LogicalQuery } from '../logical/plan.ts';
import type { PhysicalQuery } from '../physical/plan.ts';
import type { ExecutionStatistics } from '../physical/statistics.ts';
import type { PlannedQuery } from '../plan-query.ts';
import type { RuleTrace } from '../rules/driver.ts';
import { explainLogical } from './logical.ts';
import { meaningOf } from './meaning.ts';
import { describePhysical } from './physical.ts';
import { milliseconds, treeData, treeLines } from './tree.ts';

/** A query as EXPLAIN sees it: what was bound, and what planning made of it. */
export interface ExplainedQuery extends PlannedQuery {
  readonly logical: LogicalQuery;
}

export interface ExplainOptions {
  readonly format: 'text' | 'json';
  /** Also what each rule did. */
  readonly verbose: boolean;
  /** What an execution of this very plan did (EXPLAIN ANALYZE). */
  readonly execution?: ExecutionStatistics | undefined;
}

/**
 * EXPLAIN's answer. As text: the parsed meaning, the physical plan with estimates (and actual figures), totals, and with
 * `verbose` the plan after each rule that changed it. As JSON: the same as one object
 * `{ meaning, plan, rules?, execution? }`.
 */
export function explainQuery(query: ExplainedQuery, options: ExplainOptions): string {
  const { execution, verbose } = options;
  if (options.format === 'json') return explainJson(query, options);
  return [
    `Meaning: ${meaningOf(query.logical)}`,
    ...explainPhysical(query.physical, execution),
    ...(execution === undefined ? [] : totals(execution)),
    ...(verbose ? ['', ...ruleLines(query)] : []),
  ].join('\n');
}

/** A physical plan as lines of text: an operator per line, inputs indented. */
export function explainPhysical(query: PhysicalQuery, execution?: ExecutionStatistics): readonly string[] {
  return treeLines(describePhysical(query.plan, execution));
}

function totals({ planningMs, compileMs, executionMs, peakMemory }: ExecutionStatistics): readonly string[] {
  return [
    `Planning: ${milliseconds(planningMs)}`,
    `Compiling: ${milliseconds(compileMs)}`,
    `Execution: ${milliseconds(executionMs)}`,
    `Peak memory: ${peakMemory} bytes`,
  ];
}

function ruleLines({ logical, trace }: ExplainedQuery): readonly string[] {
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const lines = ['As bound:', ...indented(explainLogical(logical.plan))];
  for (const { rule, after } of trace) {
    if (after === undefined) lines.push(`${rule}: no change`);
    else lines.push(`${rule}:`, ...indented(explainLogical(after)));
  }
  return lines;
}

function explainJson(query: ExplainedQuery, { verbose, execution }: ExplainOptions): string {
  const { planningMs, compileMs, executionMs, peakMemory } = execution ?? {};
  const data = {
    meaning: meaningOf(query.logical),
    plan: treeData(describePhysical(query.physical.plan, execution)),
    ...(verbose ? { rules: query.trace.map(ruleData) } : {}),
    ...(execution === undefined ? {} : { execution: { planningMs, compileMs, executionMs, peakMemory } }),
  };
  return JSON.stringify(data, null, 2);
}

function ruleData({ rule, changed, before, after }: RuleTrace): Readonly<Record<string, unknown>> {
  if (before === undefined || after === undefined) return { rule, changed };
  return { rule, changed, before: explainLogical(before), after: explainLogical(after) };
}
