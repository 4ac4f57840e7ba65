import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { detect, detectLanguage } from '../../grammars/detect.ts';
import { languageNamed, languages } from '../../grammars/registry.ts';
import { evaluations, suiteExists } from './promql/suite.ts';

const SUITES = fileURLToPath(new URL('../../../shared/suites/', import.meta.url));

function sqlFiles(folder: string): readonly string[] {
  const path = `${SUITES}${folder}`;
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((name) => name.endsWith('.sql'));
  return files.map((name) => readFileSync(`${path}/${name}`, 'utf8'));
}

/** The statements and queries of a sqllogictest file. */
function sqllogictest(file: string): readonly string[] {
  const path = `${SUITES}sqllogictest/${file}`;
  if (!existsSync(path)) return [];
  const blocks = readFileSync(path, 'utf8').split('\n\n');
  return blocks
    .filter((block) => /^(?:statement|query)/.test(block))
    .map((block) => (block.split('\n----')[0] ?? '').split('\n').slice(1).join('\n'));
}

/** What psql, JDBC and SQLAlchemy send. */
function clientStatements(): readonly string[] {
  const path = `${SUITES}pg_clients/statements.jsonl`;
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { readonly sql: string }).sql);
}

function mistaken(texts: readonly string[], language: string): readonly string[] {
  return texts.filter((text) => detectLanguage(text) !== language);
}

describe.skipIf(!suiteExists)('the suites of others', () => {
  it('finds PromQL in every evaluation of Prometheus', () => {
    expect(
      mistaken(
        evaluations().map((each) => each.query),
        'promql',
      ),
    ).toEqual([]);
  });

  it.each(['tpch/queries', 'tpcds/queries', 'job/queries', 'postgres/sql'])('finds SQL in %s', (folder) => {
    const texts = sqlFiles(folder);
    expect(texts.length).toBeGreaterThan(0);
    expect(mistaken(texts, 'lql')).toEqual([]);
  });

  it('finds SQL in what PostgreSQL clients send', () => {
    const texts = clientStatements();
    expect(texts.length).toBeGreaterThan(100);
    expect(mistaken(texts, 'lql')).toEqual([]);
  });

  it('finds SQL in sqllogictest', () => {
    const texts = sqllogictest('select1.test');
    expect(texts.length).toBeGreaterThan(900);
    expect(mistaken(texts, 'lql')).toEqual([]);
  });
});

describe('detect', () => {
  it.each([
    ['up', 'promql'],
    ['1 + 1', 'promql'],
    ['sum(x) by (y)', 'promql'],
    ['rate(select_total[5m]) # select', 'promql'],
    ['histogram_sum(x)', 'promql'],
    ['select', 'lql'],
    ['select 1', 'lql'],
    ['selec 1', 'lql'],
    ['  -- a comment\nSELECT * FROM up', 'lql'],
    ["SELECT * FROM promql('rate(x[5m])', now(), now())", 'lql'],
    ['DROP TABLE t; SELECT 1', 'lql'],
    ['VALUES (1)', 'lql'],
    ['', 'lql'],
  ])('%s is %s', (text, language) => expect(detectLanguage(text)).toBe(language));

  it('ranks every language once, best first', () => {
    const ranked = detect('rate(x[5m])');
    expect(ranked.map((each) => each.language).sort()).toEqual(languages.map((each) => each.name).sort());
    expect(ranked[0]?.confidence).toBeGreaterThan(ranked[1]?.confidence ?? 1);
  });
});

describe('languageNamed', () => {
  it('takes any case', () => expect(languageNamed('PromQL').name).toBe('promql'));

  it('names the nearest language', () => {
    expect(() => languageNamed('prmql')).toThrow(expect.objectContaining({ code: '22023', hint: 'Did you mean "promql"?' }));
  });
});
