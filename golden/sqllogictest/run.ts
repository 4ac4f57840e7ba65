import { createHash } from 'node:crypto';
import type { Session } from '../../src/engine/session.ts';
import { asLumaError } from '../../src/types/error.ts';
import { formatReader } from '../../src/types/format.ts';
import { isValid } from '../../src/types/vector.ts';
import { parseSlt, type SltRecord } from './parse.ts';
import { rendered, sortedValues } from './render.ts';

export interface SltFailure {
  readonly line: number;
  readonly sql: string;
  readonly message: string;
}

export interface SltReport {
  readonly passed: number;
  readonly failures: readonly SltFailure[];
}

/** Runs a file's records in order against one session; a failure does not end the run. */
export async function runSlt(text: string, session: Session): Promise<SltReport> {
  const failures: SltFailure[] = [];
  const labels = new Map<string, string>();
  let passed = 0;
  for (const record of parseSlt(text)) {
    const message = record.kind === 'statement' ? await runStatement(record, session) : await runQuery(record, session, labels);
    if (message === undefined) passed++;
    else failures.push({ line: record.line, sql: record.sql, message });
  }
  return { passed, failures };
}

type StatementRecord = SltRecord & { readonly kind: 'statement' };
type QueryRecord = SltRecord & { readonly kind: 'query' };

/** Gives what went wrong, or undefined. */
async function runStatement(record: StatementRecord, session: Session): Promise<string | undefined> {
  try {
    for await (const outcome of session.run(record.sql)) if (outcome.kind === 'rows') for await (const _ of outcome.batches);
  } catch (thrown) {
    const { code, message } = asLumaError(thrown);
    if (record.error === undefined) return `failed: [${code}] ${message}`;
    return record.error === null || record.error === code
      ? undefined
      : `failed with ${code} instead of ${record.error}: ${message}`;
  }
  return record.error === undefined ? undefined : 'succeeded, but an error was expected';
}

async function runQuery(record: QueryRecord, session: Session, labels: Map<string, string>): Promise<string | undefined> {
  let values: readonly string[];
  try {
    values = await valuesOf(record, session);
  } catch (thrown) {
    const { code, message } = asLumaError(thrown);
    return `failed: [${code}] ${message}`;
  }
  const digest = createHash('md5')
    .update(values.map((value) => `${value}\n`).join(''))
    .digest('hex');
  if (record.label !== undefined) {
    const before = labels.get(record.label);
    if (before !== undefined && before !== digest) return `the answer differs from the earlier query labelled ${record.label}`;
    labels.set(record.label, digest);
  }
  const hashed = /^(\d+) values hashing to ([0-9a-f]{32})$/.exec(record.expected[0] ?? '');
  if (hashed !== null) {
    const got = `${values.length} values hashing to ${digest}`;
    return got === record.expected[0]
      ? undefined
      : `expected ${record.expected[0]}, got ${got}: ${values.slice(0, 8).join(' ')} …`;
  }
  const expected = record.expected.flatMap((line) =>
    record.types.length > 1 && line.includes('\t') ? line.split('\t') : [line],
  );
  if (expected.length === values.length && expected.every((value, i) => value === values[i])) return undefined;
  return `expected ${expected.slice(0, 12).join(' ')}, got ${values.slice(0, 12).join(' ')}`;
}

async function valuesOf(record: QueryRecord, session: Session): Promise<readonly string[]> {
  const rows: string[][] = [];
  for await (const outcome of session.run(record.sql)) {
    if (outcome.kind !== 'rows') throw new Error(`a ${outcome.kind} is no query`);
    if (outcome.schema.length !== record.types.length) {
      throw new Error(`${record.types.length} columns expected, ${outcome.schema.length} came`);
    }
    for await (const batch of outcome.batches) {
      const readers = batch.columns.map(formatReader);
      for (let row = 0; row < batch.length; row++) {
        rows.push(
          batch.columns.map((column, position) =>
            isValid(column, row) ? rendered(readers[position]?.(row) ?? '', record.types[position] ?? 'T') : 'NULL',
          ),
        );
      }
    }
  }
  return sortedValues(rows, record.sort);
}
