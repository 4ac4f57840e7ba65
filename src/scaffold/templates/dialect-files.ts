/** The files of a SQL dialect's folder: PostgreSQL's answers, with the places where differences go. */
export function dialectFiles(name: string, title: string): Readonly<Record<string, string>> {
  const constant = name.toUpperCase();
  return {
    'language.ts': `import type { Language } from '../language.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';
import { recognize } from './recognize.ts';

export const ${name}: Language = { name: '${name}', title: '${title}', family: 'sql', parse, print, recognize };
`,
    'dialect.ts': `import { type Dialect, STANDARD } from '../sql/dialect.ts';
import { lumaFunction, printedFunction } from './functions.ts';
import { needsAs, RESERVED } from './keywords.ts';

/** Where ${title} differs from PostgreSQL; grammars/sql/dialect.ts has the questions. */
export const ${constant}: Dialect = {
  ...STANDARD,
  name: '${title}',
  // TAG and FIELD: columns' roles, which parser.ts reads
  words: ['TAG', 'FIELD', ...RESERVED],
  keywordClass: (word) => (RESERVED.has(word) ? 'reserved' : 'unreserved'),
  needsAs,
  functionName: lumaFunction,
  printedFunction,
};
`,
    'keywords.ts': `/** Words that are no names without quotes. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    'ALL AND ANY AS ASC BETWEEN BY CASE CAST CREATE CROSS DESC DISTINCT ELSE END EXCEPT EXISTS FALSE FOR FROM FULL GROUP HAVING IN ' +
    'INNER INTERSECT INTO IS JOIN LEFT LIKE LIMIT NATURAL NOT NULL OFFSET ON OR ORDER OUTER RIGHT SELECT TABLE THEN TRUE UNION ' +
    'USING VALUES WHEN WHERE WINDOW WITH'
  ).split(' '),
);

/** Words that name a select item only after AS. */
const NEED_AS: ReadonlySet<string> = new Set(['FILTER', 'OVER', 'WITHIN', 'COLLATE', 'AT', 'FETCH', 'ISNULL', 'NOTNULL', 'ILIKE']);

export function needsAs(word: string): boolean {
  return RESERVED.has(word) || NEED_AS.has(word);
}
`,
    'functions.ts': `/** LumaDB's names of the functions that ${title} calls otherwise. */
const NAMES: ReadonlyMap<string, string> = new Map<string, string>([]);

const PRINTED: ReadonlyMap<string, string> = new Map([...NAMES].map(([name, luma]) => [luma, name]));

/** LumaDB's name of what ${title} calls \`name\` (folded). */
export function lumaFunction(name: string): string {
  return NAMES.get(name) ?? name;
}

/** What ${title} calls LumaDB's function \`name\`. */
export function printedFunction(name: string): string {
  return PRINTED.get(name) ?? name;
}
`,
    'parser.ts': `import type { ColumnRole, Statement } from '../ast/statement.ts';
import { lazyParser } from '../sql/parser/base.ts';
import { StatementParser } from '../sql/parser/statements.ts';
import { ${constant} } from './dialect.ts';

class ${title}Parser extends StatementParser {
  constructor() {
    super(${constant});
    this.performSelfAnalysis();
  }

  /** What a column of a time series table is, after its type. */
  override readonly columnRole = this.RULE(
    'columnRole',
    (): ColumnRole =>
      this.OR([
        this.word(this.vocabulary.keywords.TIME, 'time'),
        this.word(this.ownWord('TAG'), 'tag'),
        this.word(this.ownWord('FIELD'), 'field'),
      ]),
  );
}

const parser = lazyParser(() => new ${title}Parser());

/** All statements of a ${title} text. */
export function parse(text: string): readonly Statement[] {
  const current = parser();
  return current.parseText(text, current.statements);
}
`,
    'printer.ts': `import type { Statement } from '../ast/statement.ts';
import { printStatement } from '../sql/printer/statements.ts';
import { ${constant} } from './dialect.ts';

/** The canonical ${title} text of a statement; 0A000 for what it cannot say. */
export function print(statement: Statement): string {
  return printStatement(statement, ${constant});
}
`,
    'recognize.ts': `/** What only ${title} writes. */
const OWN: readonly RegExp[] = [];

/** How sure the text is ${title}: by what no other SQL has, since all of them share the rest. */
export function recognize(text: string): number {
  return OWN.some((each) => each.test(text)) ? 0.95 : 0;
}
`,
  };
}

/** Reading through the registry works at once; what differs is to be listed. */
export function dialectTest(name: string, title: string): string {
  return `import { describe, expect, test } from 'vitest';
import { equalTrees } from '../../../grammars/ast/visit-spans.ts';
import { languageNamed } from '../../../grammars/registry.ts';

/** What ${title} writes otherwise than PostgreSQL, and its canonical form: a line per difference, from its documentation. */
const DIFFERENCES: readonly (readonly [text: string, canonical: string])[] = [['SELECT a FROM t', 'SELECT a FROM t']];

const ${name} = languageNamed('${name}');
const canonical = (text: string): string => ${name}.parse(text).map(${name}.print).join('; ');

describe('${title}', () => {
  test('reads and prints SQL', () => {
    expect(canonical('select a, sum(b) from t where c = 1 group by a order by 2 desc limit 3')).toBe(
      'SELECT a, sum(b) FROM t WHERE c = 1 GROUP BY a ORDER BY 2 DESC LIMIT 3',
    );
  });

  test.each(DIFFERENCES)('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(equalTrees(${name}.parse(expected), ${name}.parse(text))).toBe(true);
  });

  test('its differences are listed', () => {
    expect(DIFFERENCES.length, 'List in DIFFERENCES what ${title} writes otherwise, then state it in grammars/${name}').toBeGreaterThan(1);
  });
});
`;
}
