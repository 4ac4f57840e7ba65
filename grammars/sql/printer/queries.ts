import { notSupported } from '../../../src/types/error.ts';
import type { Expression } from '../../ast/expression.ts';
import { outputName } from '../../ast/output-name.ts';
import { commaList, type Doc, group, indent, join, LINE, parenthesized, parenthesizedIf } from '../../ast/print-aids.ts';
import type {
  Alias,
  Join,
  Query,
  QueryBody,
  QueryBodyKind,
  Relation,
  RelationKind,
  Select,
  SelectItem,
} from '../../ast/relation.ts';
import { printName, printText } from '../dialect.ts';
import { printedForm, printOrder, printTop, printWindow } from './expressions.ts';
import type { Printer } from './printer.ts';

type PrintTable<Node extends { readonly kind: string }> = {
  readonly [K in Node['kind']]: (node: Extract<Node, { readonly kind: K }>, printer: Printer) => Doc;
};

/** `WITH … body ORDER BY … LIMIT … OFFSET …` */
export function printQuery(query: Query, printer: Printer): Doc {
  const clauses: Doc[] = [];
  if (query.with.length > 0) {
    const tables = query.with.map(({ name, columns, query: inside }) => [
      aliasText({ name, columns }, printer),
      ' AS ',
      parenthesized(printQuery(inside, printer)),
    ]);
    clauses.push(['WITH ', commaList(tables)]);
  }
  const { body } = query;
  // In parentheses alone, its clauses would be merged with the ones that follow.
  clauses.push(
    body.kind === 'query'
      ? ['SELECT * FROM ', parenthesized(printQuery(body, printer)), ' AS query']
      : printBody(body, 0, printer),
  );
  if (query.orderBy.length > 0) clauses.push(printOrder(query.orderBy, printer));
  if (query.limit !== null) clauses.push(['LIMIT ', printTop(query.limit, printer)]);
  if (query.offset !== null) clauses.push(['OFFSET ', printTop(query.offset, printer)]);
  return group(join(clauses, LINE));
}

const BODY: PrintTable<QueryBody> = {
  select: printSelect,
  set_operation: (operation, printer) => {
    const strength = bodyStrength(operation);
    const words = `${operation.operator.toUpperCase()}${operation.all ? ' ALL' : ''}`;
    const right = printBody(operation.right, strength + 1, printer);
    return [printBody(operation.left, strength, printer), LINE, words, LINE, right];
  },
  values: (values, printer) => {
    const rows = values.rows.map((row) => ['(', commaList(row.map((each) => printTop(each, printer))), ')']);
    return group(['VALUES', indent([LINE, commaList(rows)])]);
  },
  query: printQuery,
};

/** INTERSECT binds tighter than UNION and EXCEPT; a query with clauses of its own only stands in parentheses. */
function bodyStrength(body: QueryBody): number {
  if (body.kind === 'query') return -1;
  if (body.kind !== 'set_operation') return 3;
  return body.operator === 'intersect' ? 2 : 1;
}

function printBody(body: QueryBody, minimum: number, printer: Printer): Doc {
  const print = BODY[body.kind as QueryBodyKind] as (body: QueryBody, printer: Printer) => Doc;
  return parenthesizedIf(bodyStrength(body) < minimum, print(body, printer));
}

function printSelect(select: Select, printer: Printer): Doc {
  const clauses: Doc[] = [];
  const clause = (words: string, inside: Doc): void => void clauses.push([`${words} `, inside]);
  const items = select.items.map((item) => printItem(item, printer));
  const first = select.distinct ? 'SELECT DISTINCT' : 'SELECT';
  clauses.push(items.length === 0 ? first : group([first, indent([LINE, commaList(items)])]));
  if (select.from !== null) clause('FROM', printFrom(select.from, printer));
  if (select.where !== null) clause('WHERE', printTop(select.where, printer));
  if (select.groupBy.length > 0) clause('GROUP BY', group(indent(commaList(all(select.groupBy, printer)))));
  if (select.having !== null) clause('HAVING', printTop(select.having, printer));
  if (select.windows.length > 0) {
    const windows = select.windows.map(({ name, specification }) => [
      `${printName(printer.dialect, name)} AS `,
      printWindow(specification, printer),
    ]);
    clause('WINDOW', commaList(windows));
  }
  return group(join(clauses, LINE));
}

function all(expressions: readonly Expression[], printer: Printer): Doc[] {
  return expressions.map((expression) => printTop(expression, printer));
}

function printItem(item: SelectItem, printer: Printer): Doc {
  const { dialect } = printer;
  if (item.kind === 'all') return item.qualifier === null ? '*' : `${printName(dialect, item.qualifier)}.*`;
  const printed = printTop(item.expression, printer);
  const alias = neededAlias(item.expression, item.alias, printer);
  return alias === null ? printed : [printed, ` AS ${printName(dialect, alias)}`];
}

/** Where a function is printed under the dialect's own name, the column is called that without an alias. */
function neededAlias(expression: Expression, alias: string | null, printer: Printer): string | null {
  const ours = outputName(expression);
  const printed = outputName(printedForm(expression, printer), (call) => printer.dialect.printedFunction(call.name));
  if (printed === ours) return alias;
  return alias === printed ? null : (alias ?? ours);
}

/** Cross joins at the top are written with commas, which bind looser than JOIN on either side. */
function printFrom(from: Relation, printer: Printer): Doc {
  const parts: Relation[] = [];
  let left = from;
  while (left.kind === 'join' && left.type === 'cross' && left.condition === null) {
    parts.push(left.right);
    left = left.left;
  }
  const more = parts.reverse().map((part) => [',', LINE, printRelation(part, printer)]);
  return [printRelation(left, printer), indent(more)];
}

const RELATION: PrintTable<Relation> = {
  table: (table, printer) => {
    const { dialect } = printer;
    const schema = table.schema === null ? '' : `${printName(dialect, table.schema)}.`;
    return [schema, printName(dialect, table.name), printAlias(table.alias, printer)];
  },
  derived: (derived, printer) => [
    derived.lateral ? 'LATERAL ' : '',
    parenthesized(printQuery(derived.query, printer)),
    printAlias(derived.alias, printer),
  ],
  table_function: (call, printer) => [
    printName(printer.dialect, printer.dialect.printedFunction(call.name)),
    parenthesized(commaList(all(call.arguments, printer))),
    printAlias(call.alias, printer),
  ],
  series_relation: (relation, printer) => {
    const text = printer.dialect.printSeries(relation.expression);
    if (text === undefined) throw notSupported(`a series expression in ${printer.dialect.name}`, { span: relation.span });
    // Without a step the only point is at the end.
    const times = relation.step === null ? [relation.end] : [relation.start, relation.end, relation.step];
    const arguments_ = [printText(printer.dialect, text), ...all(times, printer)];
    return ['promql', parenthesized(commaList(arguments_)), printAlias(relation.alias, printer)];
  },
  join: printJoin,
};

function printRelation(relation: Relation, printer: Printer): Doc {
  const print = RELATION[relation.kind as RelationKind] as (relation: Relation, printer: Printer) => Doc;
  return print(relation, printer);
}

function printJoin(join_: Join, printer: Printer): Doc {
  const { condition, type } = join_;
  const right = printRelation(join_.right, printer);
  const words = [condition?.type === 'natural' ? 'NATURAL ' : '', type === 'inner' ? '' : `${type.toUpperCase()} `, 'JOIN '];
  return [
    printRelation(join_.left, printer),
    LINE,
    words,
    parenthesizedIf(join_.right.kind === 'join', right),
    printCondition(condition, printer),
  ];
}

function printCondition(condition: Join['condition'], printer: Printer): Doc {
  if (condition === null || condition.type === 'natural') return '';
  if (condition.type === 'on') return [' ON ', printTop(condition.expression, printer)];
  return [' USING ', printNames(condition.columns, printer)];
}

function printAlias(alias: Alias | null, printer: Printer): Doc {
  return alias === null ? '' : [' AS ', aliasText(alias, printer)];
}

function aliasText({ name, columns }: Alias, printer: Printer): Doc {
  return [printName(printer.dialect, name), columns.length === 0 ? '' : [' ', printNames(columns, printer)]];
}

/** `(a, b)` */
export function printNames(names: readonly string[], printer: Printer): Doc {
  return parenthesized(commaList(names.map((name) => printName(printer.dialect, name))));
}
