import { type DataType, typeName } from '../../src/types/data-type.ts';
import type { Span } from '../../src/types/span.ts';
import type { BinaryOperator, Expression } from '../ast/expression.ts';
import { quoted } from '../ast/print-aids.ts';
import type { SeriesExpression } from '../ast/series.ts';
import type { ColumnRole } from '../ast/statement.ts';
import type { LexicalRules } from './lexer/lexer.ts';
import type { WordRules } from './lexer/vocabulary.ts';
import { LEVEL, SYMBOL_LEVEL } from './precedence.ts';
import { standardType, type TypeText } from './types.ts';

/**
 * What parser and printer ask a dialect. `STANDARD` answers as PostgreSQL does; a dialect states its differences:
 * `{ ...STANDARD, name: 'questdb', … }`.
 */
export interface Dialect extends LexicalRules, WordRules {
  /** As messages call it. */
  readonly name: string;
  /** What each symbol means; the first symbol of a meaning is the one to print. */
  readonly operators: ReadonlyMap<string, BinaryOperator>;
  /** How tightly a symbol binds (precedence.ts). */
  symbolLevel(symbol: string): number;
  /** What a symbol stands for that is not one of the AST's operators; undefined: the dialect has no such operator. */
  operatorCall(symbol: string, left: Expression, right: Expression, span: Span): Expression | undefined;
  /** Where NULLs sort without NULLS FIRST or LAST. */
  nullsFirst(descending: boolean): boolean;
  /** The type of a written name; throws 42704. */
  dataType(type: TypeText): DataType;
  /** The name of a type, which `dataType` reads back. */
  typeName(type: DataType): string;
  /** The schema that holds the system's own types, functions and operators; naming it changes nothing. */
  readonly systemSchema: string | null;
  /** The schema in which tables are; naming it changes nothing. */
  readonly defaultSchema: string | null;
  /** LumaDB's name of a function the dialect calls `name` (folded), and back. */
  functionName(name: string): string;
  printedFunction(name: string): string;
  /** LumaDB functions whose call is a word alone (`CURRENT_DATE`), with that word. */
  readonly wordCalls: ReadonlyMap<string, string>;
  /** LumaDB functions that are keywords here but are called like any other. */
  readonly keywordCalls: ReadonlySet<string>;
  /** How a series expression is written inside a string literal; undefined: the dialect has no such relation. */
  printSeries(expression: SeriesExpression): string | undefined;
  /** How a column's role is written after its type. */
  roleName(role: ColumnRole): string;
}

const OPERATORS: ReadonlyMap<string, BinaryOperator> = new Map([
  ['+', 'add'],
  ['-', 'subtract'],
  ['*', 'multiply'],
  ['/', 'divide'],
  ['%', 'modulo'],
  ['^', 'power'],
  ['||', 'concatenate'],
  ['=', 'equal'],
  ['<>', 'not_equal'],
  ['!=', 'not_equal'],
  ['<', 'less'],
  ['<=', 'less_equal'],
  ['>', 'greater'],
  ['>=', 'greater_equal'],
]);

export const STANDARD: Dialect = {
  name: 'SQL',
  nameQuotes: '"',
  backslashEscapes: false,
  // ASCII letters only, as PostgreSQL does in UTF-8 databases.
  foldName: (word) => word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  words: [],
  keywordClass: () => 'unreserved',
  needsAs: () => false,
  operators: OPERATORS,
  symbolLevel: (symbol) => SYMBOL_LEVEL[symbol] ?? LEVEL.other,
  operatorCall: () => undefined,
  nullsFirst: (descending) => descending,
  dataType: standardType,
  typeName,
  systemSchema: null,
  defaultSchema: null,
  functionName: (name) => name,
  printedFunction: (name) => name,
  wordCalls: new Map([
    ['current_date', 'CURRENT_DATE'],
    ['localtimestamp', 'LOCALTIMESTAMP'],
    ['current_user', 'CURRENT_USER'],
    ['session_user', 'SESSION_USER'],
    ['current_schema', 'CURRENT_SCHEMA'],
  ]),
  keywordCalls: new Set(['coalesce', 'nullif', 'greatest', 'least', 'substring', 'overlay']),
  printSeries: () => undefined,
  roleName: (role) => role.toUpperCase(),
};

/** `name` as the dialect writes it: in quotes when it would not be read back as this name otherwise. */
export function printName(dialect: Dialect, name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && dialect.foldName(name) === name;
  if (plain && dialect.keywordClass(name.toUpperCase()) === 'unreserved') return name;
  return quoted(name, dialect.nameQuotes.charAt(0));
}

/** A string literal. */
export function printText(dialect: Dialect, text: string): string {
  return quoted(dialect.backslashEscapes ? text.replaceAll('\\', '\\\\') : text, "'");
}
