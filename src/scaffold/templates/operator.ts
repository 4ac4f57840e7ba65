import { readFileSync } from 'node:fs';
import { edit, replacing } from '../edits.ts';
import { checkName, kebab, snake } from '../names.ts';
import { Refusal, type Unit } from '../unit.ts';

const PLAN = 'planner/physical/plan.ts';
const LOWER = 'src/exec/lower.ts';

/** A physical operator over one input: its node in the plan, its lowering, its line in EXPLAIN, and a test of its rows. */
export function operator(name: string): Unit {
  checkName(name, /^([A-Z][a-z0-9]+)+$/, 'an operator is called like MergeJoin');
  const kind = snake(name);
  const file = kebab(name);
  const taken = readFileSync(new URL(`../../../${LOWER}`, import.meta.url), 'utf8').includes(`\n  ${kind}: `);
  if (taken) throw new Refusal(`There is an operator ${kind}.`);
  const type = `${name}Operator`;
  const source = `src/exec/operators/${file}/${file}.ts`;
  const test = `test/exec/operators/${file}.test.ts`;
  return {
    files: [
      { path: source, text: lowerText(name, type) },
      { path: test, text: testText(name, kind, source) },
    ],
    edits: [
      edit(
        PLAN,
        replacing(
          /\nexport type PhysicalPlan =/,
          (match) => `
/** What it gives, and in which order. */
export interface ${type} extends Node {
  readonly kind: '${kind}';
  readonly input: PhysicalPlan;
}
${match[0]}`,
        ),
        replacing(/(export type PhysicalPlan =(?:\n {2}\| \w+)+);/, (match) => `${match[1]}\n  | ${type};`),
      ),
      edit(
        LOWER,
        // as the last operator is loaded
        replacing(/(\n {2}\w+: [^\n]*await import\(')[^']+('\)\)\.)\w+([^\n]*)(\n\};)/, ([all, before, between, after, end]) => {
          const line = `${before}./operators/${file}/${file}.ts${between}lower${name}${after}`.replace(/\w+:/, `${kind}:`);
          return all.slice(0, -(end ?? '').length) + line + end;
        }),
      ),
      edit(
        'planner/explain/physical.ts',
        replacing(/ {4}case 'union_all':\n {6}return \[\];/, (match) => `    case '${kind}':\n${match[0]}`),
      ),
    ],
    next: [
      `Give the node in ${PLAN} what it needs, and EXPLAIN its details in planner/explain/physical.ts.`,
      `Lower it in ${source}: as a step of its input's pipeline, or by a sink that ends it (docs/decisions/0001).`,
      `Compare its rows with DuckDB's in ${test}: npx vitest run ${test}`,
      'Plan it in planner/physical, with its cost, where it is better than what is planned now.',
    ],
  };
}

function lowerText(name: string, type: string): string {
  return `import type { ${type} } from '../../../../planner/physical/plan.ts';
import { notSupported } from '../../../types/error.ts';
import type { Stream } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';

/** The operator as a stream: \`await run.lower(plan.input)\` gives its input's. */
export async function lower${name}(plan: ${type}, _run: QueryRun): Promise<Stream> {
  throw notSupported(\`the operator \${plan.kind}\`);
}
`;
}

function testText(name: string, kind: string, source: string): string {
  return `import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import { LumaError } from '../../../src/types/error.ts';
import { Harness } from '../harness.ts';
import { COLUMNS, randomRows } from './data.ts';
import { Peer } from './peer.ts';

describe('${name}, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'small', COLUMNS, randomRows(500, 40, 1));
  });
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  test('its rows', async () => {
    const input = db.scan('small', ['id']);
    const plan: PhysicalPlan = { kind: '${kind}', ...db.node(), input, columns: input.columns };
    const rows = await db.rows(plan).catch((error: unknown) => error);
    expect(rows, 'Lower the operator in ${source}').not.toBeInstanceOf(LumaError);
    expect(rows).toEqual(await peer.rows('select id from small'));
  });
});
`;
}
