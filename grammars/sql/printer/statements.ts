import { notSupported } from '../../../src/types/error.ts';
import { commaList, type Doc, group, indent, LINE, parenthesized, render } from '../../ast/print-aids.ts';
import type { ColumnDefinition, Copy, Explain, Statement, StatementKind } from '../../ast/statement.ts';
import { type Dialect, printName, printText } from '../dialect.ts';
import type { Printer } from './printer.ts';
import { printNames, printQuery } from './queries.ts';

export interface PrintOptions {
  /** Columns to stay within; 100 by default. */
  readonly width?: number;
  /** See `Printer.allParentheses`; false by default. */
  readonly allParentheses?: boolean;
}

/** The canonical text of a statement in a dialect, without a semicolon. */
export function printStatement(statement: Statement, dialect: Dialect, options: PrintOptions = {}): string {
  const printer: Printer = {
    dialect,
    allParentheses: options.allParentheses ?? false,
    query: (query) => printQuery(query, printer),
  };
  return render(print(statement, printer), options.width);
}

type PrintTable = {
  readonly [K in StatementKind]: (statement: Extract<Statement, { readonly kind: K }>, printer: Printer) => Doc;
};

const PRINT: PrintTable = {
  query_statement: ({ query }, printer) => printQuery(query, printer),
  series_statement: (statement, { dialect }) => {
    const hint = 'A series query needs a start, an end and a step to be read as a relation.';
    throw notSupported(`a series query alone in ${dialect.name}`, { span: statement.span, hint });
  },
  create_table: (create, printer) => {
    const name = `CREATE TABLE ${create.ifNotExists ? 'IF NOT EXISTS ' : ''}${printName(printer.dialect, create.name)}`;
    if (create.query !== null) return [name, ' AS', LINE, printQuery(create.query, printer)];
    return [name, ' ', parenthesized(commaList(create.columns.map((column) => printColumn(column, printer.dialect))))];
  },
  drop_table: (drop, { dialect }) =>
    `DROP TABLE ${drop.ifExists ? 'IF EXISTS ' : ''}${drop.names.map((name) => printName(dialect, name)).join(', ')}`,
  insert: (insert, printer) => {
    const columns = insert.columns.length === 0 ? '' : [' ', printNames(insert.columns, printer)];
    return group([`INSERT INTO ${printName(printer.dialect, insert.table)}`, columns, LINE, printQuery(insert.source, printer)]);
  },
  copy: printCopy,
  explain: (explain, printer) => [explainWords(explain), LINE, print(explain.statement, printer)],
  analyze: (analyze, { dialect }) => `ANALYZE ${analyze.tables.map((name) => printName(dialect, name)).join(', ')}`.trimEnd(),
  transaction: ({ action }) => action.toUpperCase(),
  set: ({ name, value, local }, { dialect }) => {
    if (value === null && !local) return `RESET ${name === 'all' ? 'ALL' : variableName(name, dialect)}`;
    const setting = value === null ? 'DEFAULT' : printText(dialect, value);
    return `SET ${local ? 'LOCAL ' : ''}${variableName(name, dialect)} = ${setting}`;
  },
  show: ({ name }, { dialect }) => `SHOW ${name === 'all' ? 'ALL' : variableName(name, dialect)}`,
  deallocate: ({ name }, { dialect }) => `DEALLOCATE ${name === null ? 'ALL' : printName(dialect, name)}`,
  discard: ({ what }) => `DISCARD ${what.toUpperCase()}`,
};

function print(statement: Statement, printer: Printer): Doc {
  // TypeScript cannot see that the entry found by `kind` takes this very statement.
  const entry = PRINT[statement.kind] as (statement: Statement, printer: Printer) => Doc;
  return group(entry(statement, printer));
}

function printColumn({ name, type, role, notNull }: ColumnDefinition, dialect: Dialect): Doc {
  const roleText = role === null ? '' : ` ${dialect.roleName(role)}`;
  return `${printName(dialect, name)} ${dialect.typeName(type)}${roleText}${notNull ? ' NOT NULL' : ''}`;
}

function printCopy({ source, direction, file, options }: Copy, printer: Printer): Doc {
  const { dialect } = printer;
  const from =
    source.type === 'query'
      ? parenthesized(printQuery(source.query, printer))
      : [printName(dialect, source.name), source.columns.length === 0 ? '' : [' ', printNames(source.columns, printer)]];
  const client = direction === 'from' ? 'STDIN' : 'STDOUT';
  const target = file === null ? client : printText(dialect, file);
  return [
    'COPY ',
    from,
    ` ${direction.toUpperCase()} ${target}`,
    options.length === 0
      ? ''
      : indent([' WITH ', parenthesized(commaList(options.map((option) => printOption(option, dialect))))]),
  ];
}

function printOption({ name, value }: Copy['options'][number], dialect: Dialect): Doc {
  const setting = typeof value === 'string' ? printText(dialect, value) : String(value);
  return `${printName(dialect, name)} ${setting}`;
}

function explainWords({ analyze, verbose, format }: Explain): string {
  const words = [...(analyze ? ['ANALYZE'] : []), ...(verbose ? ['VERBOSE'] : [])];
  if (format === 'text') return ['EXPLAIN', ...words].join(' ');
  return `EXPLAIN (${[...words, `FORMAT ${format.toUpperCase()}`].join(', ')})`;
}

/** The dots of an extension's variable stay outside quotes. */
function variableName(name: string, dialect: Dialect): string {
  return name
    .split('.')
    .map((part) => printName(dialect, part))
    .join('.');
}
