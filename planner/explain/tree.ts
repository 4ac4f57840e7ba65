import type { Estimate } from '../physical/plan.ts';
import type { NodeStatistics } from '../physical/statistics.ts';

/** One operator as EXPLAIN shows it, whatever the format. */
export interface ExplainNode {
  readonly operator: string;
  /** What distinguishes it from others of its kind, most telling first. */
  readonly details: readonly Detail[];
  readonly estimate: Estimate | null;
  /** After an execution. */
  readonly actual: NodeStatistics | null;
  readonly inputs: readonly ExplainNode[];
}

export interface Detail {
  readonly name: string;
  readonly text: string;
}

/** Details without those that have nothing to say. */
export function details(entries: Readonly<Record<string, string | null>>): readonly Detail[] {
  return Object.entries(entries).flatMap(([name, text]) => (text === null || text === '' ? [] : [{ name, text }]));
}

/** One line per operator, inputs indented by two. */
export function treeLines(node: ExplainNode): readonly string[] {
  return [headline(node), ...node.inputs.flatMap(treeLines).map((line) => `  ${line}`)];
}

function headline({ operator, details: shown, estimate, actual }: ExplainNode): string {
  const parts = shown.map(({ name, text }) => `${name} ${text}`);
  const said = parts.length === 0 ? operator : `${operator}: ${parts.join('; ')}`;
  const expected = estimate === null ? '' : `  (rows=${count(estimate.rows)} cost=${count(estimate.cost)})`;
  return `${said}${expected}${actual === null ? '' : `  ${actualText(actual)}`}`;
}

function actualText({ rows, readyMs, scan }: NodeStatistics): string {
  const parts = [`actual rows=${rows}`, `ready=${milliseconds(readyMs)}`];
  if (scan !== null) parts.push(`bytes=${scan.bytes}`, `segments=${scan.segments}`, `pruned=${scan.segmentsPruned}`);
  return `(${parts.join(' ')})`;
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 3 : 1)} ms`;
}

function count(number: number): string {
  return number < 1e15 ? String(Math.round(number)) : number.toExponential(2);
}

/** The tree as plain data for JSON. */
export function treeData(node: ExplainNode): Readonly<Record<string, unknown>> {
  return {
    operator: node.operator,
    ...Object.fromEntries(node.details.map(({ name, text }) => [name, text])),
    ...(node.estimate === null ? {} : { estimate: node.estimate }),
    ...(node.actual === null ? {} : { actual: node.actual }),
    ...(node.inputs.length === 0 ? {} : { inputs: node.inputs.map(treeData) }),
  };
}
