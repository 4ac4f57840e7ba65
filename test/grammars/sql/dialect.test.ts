import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Relation } from '../../../grammars/ast/relation.ts';
import type { ColumnRole, Statement } from '../../../grammars/ast/statement.ts';
import { equalTrees } from '../../../grammars/ast/visit-spans.ts';
import type { CallParts } from '../../../grammars/sql/build.ts';
import { call } from '../../../grammars/sql/build.ts';
import { type Dialect, STANDARD } from '../../../grammars/sql/dialect.ts';
import { payloadOf, Text } from '../../../grammars/sql/lexer/tokens.ts';
import { StatementParser } from '../../../grammars/sql/parser/statements.ts';
import { printStatement } from '../../../grammars/sql/printer/statements.ts';
import type { Span } from '../../../src/types/span.ts';

/*
 * A dialect that differs in every question, as ClickHouse, MySQL and others do between them: what a language on the shared
 * grammar has to write.
 */
const RESERVED = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'AS',
  'FINAL',
  'ORDER',
  'LIMIT',
  'GROUP',
  'FILTER',
  'OVER',
  'CASE',
  'CAST',
  'NULL',
  'TRUE',
  'FALSE',
  'NOT',
]);

const OTHER: Dialect = {
  ...STANDARD,
  name: 'Other',
  nameQuotes: '`"',
  backslashEscapes: true,
  foldName: (word) => word,
  words: ['FINAL', 'READS'],
  keywordClass: (word) => (RESERVED.has(word) ? 'reserved' : 'unreserved'),
  needsAs: (word) => RESERVED.has(word),
  operators: new Map([...STANDARD.operators, ['/', 'divide_float'], ['==', 'equal']]),
  symbolLevel: (symbol) => STANDARD.symbolLevel(symbol === '==' ? '=' : symbol),
  nullsFirst: () => false,
  typeName: (type) => (type.kind === 'int64' ? 'int8' : STANDARD.typeName(type)),
  roleName: () => 'READS',
  functionName: (name) => (name === 'toYear' ? 'year' : name),
  printedFunction: (name) => (name === 'year' ? 'toYear' : name),
};

class OtherParser extends StatementParser {
  constructor() {
    super(OTHER);
    this.performSelfAnalysis();
  }

  override readonly columnRole = this.RULE('columnRole', (): ColumnRole => this.OR([this.word(this.ownWord('READS'), 'field')]));

  /** `READS '…'` is a relation of its own. */
  override readonly relationPrimary = this.OVERRIDE_RULE('relationPrimary', (): Relation => {
    const start = this.mark();
    return this.OR([
      {
        ALT: (): Relation => {
          this.CONSUME(this.ownWord('READS'));
          const path = payloadOf(this.CONSUME(Text));
          return { kind: 'table', span: this.spanFrom(start), schema: 'files', name: path, alias: null };
        },
      },
      { ALT: (): Relation => this.SUBRULE(this.derived, { ARGS: [start, false] }) },
    ]);
  });

  protected override plainCall(name: string, parts: CallParts, span: Span): Expression {
    const [first, second] = parts.arguments;
    if (name === 'swap' && first !== undefined && second !== undefined) return call('pair', { arguments: [second, first] }, span);
    return super.plainCall(name, parts, span);
  }

  parse(text: string): readonly Statement[] {
    return this.parseText(text, this.statements);
  }
}

const parser = new OtherParser();
const canonical = (text: string): string =>
  parser
    .parse(text)
    .map((statement) => printStatement(statement, OTHER))
    .join('; ');

describe('a dialect on the shared grammar', () => {
  it.each([
    ['SELECT Foo, `select`, "b"', 'SELECT Foo, `select`, b'],
    ['SELECT a == b / 2', 'SELECT a = b / 2'],
    ["SELECT 'it\\'s'", "SELECT 'it''s'"],
    ['SELECT toYear(d), swap(a, b)', 'SELECT toYear(d), pair(b, a) AS swap'],
    ['SELECT toYear(d) AS y, year(d)', 'SELECT toYear(d) AS y, toYear(d) AS year'],
    ['SELECT CAST(a AS bigint)', 'SELECT CAST(a AS int8)'],
    ['SELECT a FROM (SELECT 1) AS t ORDER BY a DESC NULLS LAST, a ASC', 'SELECT a FROM (SELECT 1) AS t ORDER BY a DESC, a'],
    ["SELECT 1 FROM READS 'x.csv'", 'SELECT 1 FROM files.`x.csv`'],
    ['CREATE TABLE t (a int READS)', 'CREATE TABLE t (a INTEGER READS)'],
    ["SELECT 'a\\\\b'", "SELECT 'a\\\\b'"],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('keeps its own meanings in the tree', () => {
    const [statement] = parser.parse('SELECT a / b');
    expect(equalTrees(statement, parser.parse(statement === undefined ? '' : printStatement(statement, OTHER))[0])).toBe(true);
    expect(JSON.stringify(statement)).toContain('"divide_float"');
  });

  it('reports errors in its own words', () => {
    expect(() => parser.parse('SELECT a FROM FINAL')).toThrow(
      expect.objectContaining({ code: '42601', hint: '"FINAL" is a reserved word; as a name it is written `FINAL`.' }),
    );
  });
});
