import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalTrees, stripSpans } from '../../../grammars/ast/visit-spans.ts';
import { parse } from '../../../grammars/lql/parser.ts';
import { print } from '../../../grammars/lql/printer.ts';
import { LumaError } from '../../../src/types/error.ts';
import { statement } from './arbitrary.ts';

const suites = fileURLToPath(new URL('../../../../shared/suites/', import.meta.url));

/** The statements that LQL accepts, and how many texts it did not. */
function accepted(texts: readonly string[]) {
  const parsed = texts.map((text) => {
    try {
      return parse(text);
    } catch (error) {
      expect(error, text).toBeInstanceOf(LumaError);
      return [];
    }
  });
  return parsed.flat();
}

describe('printing and parsing again', () => {
  it('gives the same tree', () => {
    fc.assert(
      fc.property(statement, (tree) => {
        const text = print(tree);
        expect(stripSpans(parse(text)), text).toEqual([stripSpans(tree)]);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the width', () => {
    fc.assert(
      fc.property(statement, fc.integer({ min: 1, max: 200 }), (tree, width) => {
        expect(equalTrees(parse(print(tree, { width })), [tree])).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(!existsSync(suites))('gives the same tree for statements that others wrote', () => {
    const folders = ['tpch/queries', 'tpcds/queries', 'job/queries'].flatMap((folder) =>
      readdirSync(suites + folder).map((file) => readFileSync(`${suites}${folder}/${file}`, 'utf8')),
    );
    const lines = (file: string): string[] =>
      readFileSync(suites + file, 'utf8')
        .trim()
        .split('\n');
    const clients = lines('pg_clients/statements.jsonl').map((line) => (JSON.parse(line) as { sql: string }).sql);
    const corpora = {
      queries: folders,
      'pg_clients/statements.jsonl': clients,
      'translation/identity.sql': lines('translation/identity.sql'),
    };
    for (const [corpus, texts] of Object.entries(corpora)) {
      const statements = accepted(texts);
      process.stdout.write(`LQL accepts ${statements.length} of ${texts.length} statements of ${corpus}\n`);
      expect(statements.length).toBeGreaterThan(texts.length / 3);
      for (const tree of statements) {
        const text = print(tree);
        expect(stripSpans(parse(text)), text).toEqual([stripSpans(tree)]);
      }
    }
  });
});
