import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../../grammars/ast/statement.ts';
import { CLASSES, NEED_AS } from '../../../grammars/lql/keywords.ts';
import { parse } from '../../../grammars/lql/parser.ts';
import { print } from '../../../grammars/lql/printer.ts';
import { LumaError } from '../../../src/types/error.ts';
import { statement } from './arbitrary.ts';
import { postgresTree } from './postgres.ts';

/*
 * The oracle is libpg-query: PostgreSQL 18's parser. What LQL accepts PostgreSQL accepts, and both read it alike: the
 * text that LQL prints with all parentheses gives PostgreSQL the tree that the text without them gives it.
 */

const suites = fileURLToPath(new URL('../../../../shared/suites/', import.meta.url));

/** The statements, or undefined when LQL does not know the syntax; what it refuses as not supported counts as unknown. */
function lql(text: string): { readonly statements: readonly Statement[] } | { readonly code: string } {
  try {
    return { statements: parse(text) };
  } catch (error) {
    if (error instanceof LumaError) return { code: error.code };
    throw error;
  }
}

function postgres(text: string): unknown {
  try {
    return postgresTree(text);
  } catch {
    return undefined;
  }
}

const printed = (statements: readonly Statement[], allParentheses: boolean): string =>
  statements.map((each) => print(each, { allParentheses })).join(';\n');

const PREFIX = ['', '', '', 'NOT ', '-', '+ '];
const INFIX = [
  ...['+', '-', '*', '/', '%', '^', '||', '=', '<>', '<', '>', '<=', '>=', 'AND', 'AND', 'OR', 'LIKE', 'NOT LIKE', 'ILIKE'],
  ...['IS DISTINCT FROM', 'IS NOT DISTINCT FROM', 'BETWEEN b AND', 'NOT BETWEEN b + 1 AND', 'AT TIME ZONE', 'LIKE a ESCAPE'],
];
const POSTFIX = [
  ...['', '', '', '', '', ' IS NULL', ' IS NOT TRUE', ' ISNULL', ' IN (1, b)', ' NOT IN (SELECT 1)', '::int'],
  ' = ANY (SELECT 1)',
];
const operand = fc
  .tuple(
    fc.constantFrom(...PREFIX),
    fc.constantFrom('a', 'b', '1', "'x'", '(c)', 'f(a)', '(SELECT 1)'),
    fc.constantFrom(...POSTFIX),
  )
  .map((parts) => parts.join(''));

describe('operators', () => {
  it('bind as in PostgreSQL, or are refused by both', () => {
    const sequence = fc.tuple(operand, fc.array(fc.tuple(fc.constantFrom(...INFIX), operand), { maxLength: 4 }));
    fc.assert(
      fc.property(sequence, ([first, rest]) => {
        const text = `SELECT ${[first, ...rest.flat()].join(' ')}`;
        const mine = lql(text);
        const theirs = postgres(text);
        if ('code' in mine) expect({ text, theirs }).toEqual({ text, theirs: undefined });
        else expect({ text, tree: postgres(printed(mine.statements, true)) }).toEqual({ text, tree: theirs });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('set operations', () => {
  it('bind as in PostgreSQL, or are refused by both', () => {
    const term = fc.constantFrom(
      'SELECT 1',
      'VALUES (2)',
      'TABLE t',
      '(SELECT 3 LIMIT 1)',
      'SELECT 4 ORDER BY 1',
      '((SELECT 5))',
    );
    const infix = fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL', 'UNION DISTINCT');
    const ending = fc.constantFrom(
      '',
      ' ORDER BY 1',
      ' LIMIT 2 OFFSET 1',
      ' LIMIT 1 LIMIT 2',
      ' OFFSET 2 ROWS FETCH NEXT ROW ONLY',
    );
    fc.assert(
      fc.property(term, fc.array(fc.tuple(infix, term), { maxLength: 3 }), ending, (first, rest, end) => {
        const text = [first, ...rest.flat()].join(' ') + end;
        const mine = lql(text);
        const theirs = postgres(text);
        if ('code' in mine) expect({ text, theirs }).toEqual({ text, theirs: undefined });
        // FETCH, ROWS and parentheses without meaning leave traces in PostgreSQL's tree; the canonical text has none.
        else expect(postgres(printed(mine.statements, false)) === undefined || theirs === undefined, text).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('joins', () => {
  it('nest as in PostgreSQL, or are refused by both', () => {
    const term = fc.constantFrom(
      'a',
      'b AS x',
      '(SELECT 1) c',
      '(d JOIN e USING (k))',
      'f(1) g (y)',
      'LATERAL (SELECT 2) h',
      '(z)',
    );
    const infix = fc.constantFrom(
      'JOIN',
      'LEFT JOIN',
      'FULL OUTER JOIN',
      'CROSS JOIN',
      'NATURAL JOIN',
      'NATURAL RIGHT JOIN',
      ',',
    );
    const condition = fc.constantFrom('', ' ON x', ' ON x ON y', ' USING (k)');
    fc.assert(
      fc.property(term, fc.array(fc.tuple(infix, term, condition), { maxLength: 4 }), (first, rest) => {
        const text = `SELECT 1 FROM ${first} ${rest.map(([join, right, on]) => `${join} ${right}${on}`).join(' ')}`;
        const mine = lql(text);
        const theirs = postgres(text);
        if ('code' in mine) expect({ text, theirs }).toEqual({ text, theirs: undefined });
        else if (text.includes('CROSS')) expect({ text, theirs }).not.toEqual({ text, theirs: undefined });
        // A comma and CROSS JOIN are one node, printed as a comma where that means the same.
        else expect({ text, tree: postgres(printed(mine.statements, false)) }).toEqual({ text, tree: theirs });
      }),
      { numRuns: 500 },
    );
  });
});

describe('keywords', () => {
  const places = [
    'SELECT % FROM t',
    'SELECT 1 AS %',
    'SELECT 1 %',
    'SELECT 1 FROM %',
    'SELECT 1 FROM t AS %',
    'SELECT 1 FROM t %',
  ];
  const morePlaces = [
    'SELECT %(1)',
    'SELECT t.% FROM t',
    'SELECT 1 FROM %.t',
    'SELECT 1 FROM t (%)',
    'INSERT INTO % SELECT 1',
    'SET % = 1',
  ];
  const unreserved =
    'abort admin by current data day first groups if key level local names no partition range rows session tag unbounded';

  // LQL wants items in a SELECT without FROM. PostgreSQL also has JSON, XML and Unicode constructors, takes an operator without a right side for an alias, and
  // the words for the present time and user as tables.
  const known = [
    /^SELECT (json|xml|normalize|system_user)/,
    /^SELECT 1 (and|between|collate|ilike|in|is|like|or)$/,
    /FROM (current|local|session|system|user)\w*$/,
    /\(system_user\)/,
    /^SELECT (having|limit|offset|where)\(1\)$/,
  ];

  it('are names where PostgreSQL takes them for names', () => {
    const differences: string[] = [];
    for (const word of new Set([...CLASSES.keys(), ...NEED_AS, ...unreserved.split(' ')])) {
      for (const place of [...places, ...morePlaces]) {
        const text = place.replace('%', word.toLowerCase());
        const mine = lql(text);
        const accepted = postgres(text) !== undefined;
        // A word with a meaning that LumaDB refuses (0A000) is known, not misread.
        const missed = 'code' in mine && mine.code === '42601' && accepted && !known.some((each) => each.test(text));
        if (missed || ('statements' in mine && !accepted)) differences.push(text);
      }
    }
    expect(differences).toEqual([]);
  });
});

describe('generated statements', () => {
  it('are accepted by PostgreSQL, and read alike with and without parentheses', () => {
    // Roles of columns are LumaDB's own.
    const shared = statement.filter((each) => !/ (TIME|TAG|FIELD)\b/.test(print(each)));
    fc.assert(
      fc.property(shared, (tree) => {
        expect(postgresTree(print(tree, { allParentheses: true }))).toEqual(postgresTree(print(tree)));
      }),
      { numRuns: 200 },
    );
  });
});

describe.skipIf(!existsSync(suites))('statements that others wrote', () => {
  const read = (file: string): string => readFileSync(suites + file, 'utf8');
  const folder = (name: string): string[] => readdirSync(suites + name).map((file) => read(`${name}/${file}`));
  const clients = (): string[] => {
    const lines = read('pg_clients/statements.jsonl').trim().split('\n');
    return lines.map((line) => (JSON.parse(line) as { sql: string }).sql);
  };
  const regression = (): string[] =>
    readdirSync(`${suites}postgres/sql`).flatMap((file) => {
      const text = read(`postgres/sql/${file}`).replace(/^\\.*$/gm, '');
      return text.split(/;\s*\n/);
    });

  it.each([
    ['the TPC-H queries', () => folder('tpch/queries')],
    ['the TPC-DS queries', () => folder('tpcds/queries')],
    ['the Join Order Benchmark', () => folder('job/queries')],
    ['what clients send', clients],
    ["PostgreSQL's regression tests", regression],
  ])('%s: what LQL accepts, PostgreSQL accepts and reads alike', (name, texts) => {
    let accepted = 0;
    let identical = 0;
    for (const text of texts()) {
      const mine = lql(text);
      if ('code' in mine || mine.statements.length === 0) continue;
      accepted += 1;
      const theirs = postgres(text);
      expect(theirs, text).toBeDefined();
      const canonical = postgres(printed(mine.statements, false));
      expect({ text, tree: postgres(printed(mine.statements, true)) }).toEqual({ text, tree: canonical });
      if (JSON.stringify(canonical) === JSON.stringify(theirs)) identical += 1;
    }
    // The others are spelled differently in the canonical text: narrower types, intervals, SUBSTRING(… FROM …).
    process.stdout.write(`LQL accepts ${accepted} statements of ${name}, ${identical} of them unchanged\n`);
    expect(identical).toBeGreaterThan(accepted / 2);
  });

  it('all TPC-H queries parse', () => {
    expect(folder('tpch/queries').map(lql)).not.toContainEqual({ code: expect.any(String) });
  });
});
