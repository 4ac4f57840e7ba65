import { FLOAT64 } from '../../../src/types/data-type.ts';
import { notSupported } from '../../../src/types/error.ts';
import { formatInterval } from '../../../src/types/format.ts';
import type {
  Binary,
  BinaryOperator,
  Call,
  Expression,
  ExpressionKind,
  FrameBound,
  Literal,
  UnaryOperator,
  WindowFrame,
  WindowSpecification,
} from '../../ast/expression.ts';
import { commaList, type Doc, group, indent, join, LINE, parenthesized, quoted, SOFT_LINE } from '../../ast/print-aids.ts';
import type { OrderItem, Query } from '../../ast/relation.ts';
import { call } from '../build.ts';
import { printName, printText } from '../dialect.ts';
import { doesNotAssociate, LEVEL } from '../precedence.ts';
import type { Printer } from './printer.ts';

/** A text and how tightly it holds together: the loosest operator outside parentheses. */
interface Printed {
  readonly doc: Doc;
  readonly level: number;
}

type PrintTable = {
  readonly [K in ExpressionKind]: (expression: Extract<Expression, { readonly kind: K }>, printer: Printer) => Printed;
};

const PRINT: PrintTable = {
  literal: (literal, printer) => printLiteral(literal, printer),
  column: (column, { dialect }) => {
    const name = printName(dialect, column.name);
    return primary(column.qualifier === null ? name : `${printName(dialect, column.qualifier)}.${name}`);
  },
  parameter: (parameter) => primary(`$${parameter.index}`),
  binary: printBinary,
  unary: (unary, printer) => {
    const [before, after, level] = UNARY[unary.operator];
    // Signs do not nest bare, or `- -x` could become a comment; NOT does.
    const operand = print(unary.operand, level === LEVEL.not ? level : level + 1, printer);
    return { doc: [before, operand, after], level };
  },
  like: (like, printer) => {
    const word = `${like.negated ? ' NOT' : ''} ${like.caseInsensitive ? 'ILIKE' : 'LIKE'} `;
    const escaped = like.escape === null ? [] : [' ESCAPE ', print(like.escape, LEVEL.like + 1, printer)];
    const doc = [print(like.operand, LEVEL.like + 1, printer), word, print(like.pattern, LEVEL.like + 1, printer), escaped];
    return { doc, level: LEVEL.like };
  },
  between: (between, printer) => {
    const operand = (expression: Expression): Doc => print(expression, LEVEL.like + 1, printer);
    const word = between.negated ? ' NOT BETWEEN ' : ' BETWEEN ';
    return { doc: [operand(between.operand), word, operand(between.low), ' AND ', operand(between.high)], level: LEVEL.like };
  },
  in_list: (inList, printer) => {
    const [only, ...more] = inList.items;
    const operand = print(inList.operand, LEVEL.like + 1, printer);
    if (only?.kind === 'scalar_subquery' && more.length === 0) {
      // `IN ((SELECT …))` would be read as IN (query).
      return { doc: [operand, inList.negated ? ' <> ' : ' = ', subquery(only.query, printer)], level: LEVEL.comparison };
    }
    if (only === undefined) throw notSupported('IN with an empty list', { span: inList.span });
    const items = inList.items.map((item) => print(item, LEVEL.none, printer));
    return { doc: [operand, inList.negated ? ' NOT IN ' : ' IN ', parenthesized(commaList(items))], level: LEVEL.like };
  },
  in_subquery: (inSubquery, printer) => {
    const word = inSubquery.negated ? ' NOT IN ' : ' IN ';
    const doc = [print(inSubquery.operand, LEVEL.like + 1, printer), word, subquery(inSubquery.query, printer)];
    return { doc, level: LEVEL.like };
  },
  quantified: (quantified, printer) => {
    const symbol = symbolOf(quantified.operator, printer) ?? '=';
    const words = ` ${symbol} ${quantified.quantifier.toUpperCase()} `;
    const doc = [print(quantified.operand, LEVEL.comparison + 1, printer), words, subquery(quantified.query, printer)];
    return { doc, level: LEVEL.comparison };
  },
  exists: (exists, printer) => primary(['EXISTS ', subquery(exists.query, printer)]),
  scalar_subquery: (scalar, printer) => primary(subquery(scalar.query, printer)),
  case: (case_, printer) => {
    const top = (expression: Expression): Doc => print(expression, LEVEL.none, printer);
    const operand = case_.operand === null ? [] : [' ', top(case_.operand)];
    const branches = case_.branches.map((branch) => [LINE, 'WHEN ', top(branch.when), ' THEN ', top(branch.then)]);
    const otherwise = case_.otherwise === null ? [] : [LINE, 'ELSE ', top(case_.otherwise)];
    return primary(group(['CASE', operand, indent([branches, otherwise]), LINE, 'END']));
  },
  cast: (node, printer) => {
    const { operand } = node;
    const type = printer.dialect.typeName(node.type);
    const time = node.type.kind === 'date' || node.type.kind === 'timestamp';
    if (time && operand.kind === 'literal' && operand.value.type === 'text')
      return primary(`${type} ${printText(printer.dialect, operand.value.value)}`);
    return primary(['CAST(', print(operand, LEVEL.none, printer), ` AS ${type})`]);
  },
  call: printCall,
};

const UNARY: Readonly<Record<UnaryOperator, readonly [before: string, after: string, level: number]>> = {
  negate: ['-', '', LEVEL.sign],
  plus: ['+', '', LEVEL.sign],
  not: ['NOT ', '', LEVEL.not],
  is_null: ['', ' IS NULL', LEVEL.is],
  is_not_null: ['', ' IS NOT NULL', LEVEL.is],
  is_true: ['', ' IS TRUE', LEVEL.is],
  is_not_true: ['', ' IS NOT TRUE', LEVEL.is],
  is_false: ['', ' IS FALSE', LEVEL.is],
  is_not_false: ['', ' IS NOT FALSE', LEVEL.is],
};

/** The expression, in parentheses where it holds together less than `minimum`. */
export function print(expression: Expression, minimum: number, printer: Printer): Doc {
  // TypeScript cannot see that the entry found by `kind` takes this very expression.
  const entry = PRINT[expression.kind] as (expression: Expression, printer: Printer) => Printed;
  const { doc, level } = entry(expression, printer);
  const loose = level < (printer.allParentheses && minimum > LEVEL.none ? LEVEL.primary : minimum);
  return loose ? parenthesized(doc) : doc;
}

/** An expression where any may stand. */
export function printTop(expression: Expression, printer: Printer): Doc {
  return print(expression, LEVEL.none, printer);
}

function primary(doc: Doc): Printed {
  return { doc, level: LEVEL.primary };
}

function subquery(query: Query, printer: Printer): Doc {
  return parenthesized(printer.query(query));
}

function printLiteral({ value }: Literal, { dialect }: Printer): Printed {
  switch (value.type) {
    case 'null':
      return primary('NULL');
    case 'boolean':
      return primary(value.value ? 'TRUE' : 'FALSE');
    case 'integer':
    case 'decimal':
      return signed(value.text);
    case 'float':
      if (Number.isFinite(value.value)) return signed(value.value.toExponential());
      return primary(`CAST('${value.value}' AS ${dialect.typeName(FLOAT64)})`);
    case 'text':
      return primary(printText(dialect, value.value));
    case 'interval':
      return primary(`INTERVAL ${printText(dialect, formatInterval(value))}`);
  }
}

function signed(digits: string): Printed {
  return { doc: digits, level: digits.startsWith('-') ? LEVEL.sign : LEVEL.primary };
}

/** The words of operators that are no symbols. */
const OPERATOR_WORDS: Readonly<Partial<Record<BinaryOperator, readonly [word: string, level: number]>>> = {
  and: ['AND', LEVEL.and],
  or: ['OR', LEVEL.or],
  is_distinct: ['IS DISTINCT FROM', LEVEL.is],
  is_not_distinct: ['IS NOT DISTINCT FROM', LEVEL.is],
};

function symbolOf(operator: BinaryOperator, { dialect }: Printer): string | undefined {
  for (const [symbol, meaning] of dialect.operators) if (meaning === operator) return symbol;
  return undefined;
}

function operatorText(operator: BinaryOperator, printer: Printer): readonly [text: string, level: number] | undefined {
  const word = OPERATOR_WORDS[operator];
  if (word !== undefined) return word;
  const symbol = symbolOf(operator, printer);
  return symbol === undefined ? undefined : [symbol, printer.dialect.symbolLevel(symbol)];
}

/** A chain of operators of one level that leans left is one group; it is followed without recursion. */
function printBinary(binary: Binary, printer: Printer): Printed {
  const level = operatorText(binary.operator, printer)?.[1];
  if (level === undefined) return primary(print(printedForm(binary, printer), LEVEL.primary, printer));
  const chain: { readonly text: string; readonly right: Expression }[] = [];
  let left: Expression = binary;
  while (left.kind === 'binary') {
    const [text, leftLevel] = operatorText(left.operator, printer) ?? [];
    if (text === undefined || leftLevel !== level || (chain.length > 0 && doesNotAssociate(level))) break;
    if (chain.length > 0 && printer.allParentheses) break;
    chain.push({ text, right: left.right });
    left = left.left;
  }
  const breaks = level <= LEVEL.and;
  const rest = chain.reverse().map(({ text, right }) => [breaks ? LINE : ' ', `${text} `, print(right, level + 1, printer)]);
  const first = print(left, doesNotAssociate(level) ? level + 1 : level, printer);
  return { doc: breaks ? group([first, indent(rest)]) : [first, rest], level };
}

/** Floating point division by its function's name where the dialect has no symbol for it; anything else as it is. */
export function printedForm(expression: Expression, printer: Printer): Expression {
  if (expression.kind !== 'binary' || operatorText(expression.operator, printer) !== undefined) return expression;
  const { operator, left, right, span } = expression;
  if (operator === 'divide_float') return call(operator, { arguments: [left, right] }, span);
  throw notSupported(`the operator ${operator} in ${printer.dialect.name}`, { span });
}

function printCall(call: Call, printer: Printer): Printed {
  const { dialect } = printer;
  const plain = !call.star && !call.distinct && call.filter === null && call.orderBy.length === 0 && call.over === null;
  const [first, second, ...more] = call.arguments;
  if (plain && first === undefined) {
    const word = dialect.wordCalls.get(call.name);
    if (word !== undefined) return primary(word);
  }
  if (plain && first !== undefined && second !== undefined && more.length === 0) {
    const special = printSpecial(call.name, first, second, printer);
    if (special !== undefined) return special;
  }
  const name = dialect.printedFunction(call.name);
  const bare = plain && first !== undefined && dialect.keywordCalls.has(name);
  const arguments_ = call.arguments.map((argument) => printTop(argument, printer));
  const inside: Doc = call.star
    ? '*'
    : [
        call.distinct ? 'DISTINCT ' : '',
        commaList(arguments_),
        call.orderBy.length === 0 ? '' : [LINE, printOrder(call.orderBy, printer)],
      ];
  return primary([
    bare ? name : printFunctionName(printer, name),
    group(['(', indent([SOFT_LINE, inside]), SOFT_LINE, ')']),
    call.filter === null ? '' : [' FILTER (WHERE ', printTop(call.filter, printer), ')'],
    call.over === null ? '' : [' OVER ', printOver(call.over, printer)],
  ]);
}

function printFunctionName({ dialect }: Printer, name: string): string {
  return dialect.keywordClass(name.toUpperCase()) === 'function' && /^[a-z_]+$/.test(name) ? name : printName(dialect, name);
}

/** EXTRACT and AT TIME ZONE, the standard's way to say what these functions do. */
function printSpecial(name: string, first: Expression, second: Expression, printer: Printer): Printed | undefined {
  if (name === 'timezone') {
    const doc = [print(second, LEVEL.atTimeZone, printer), ' AT TIME ZONE ', print(first, LEVEL.atTimeZone + 1, printer)];
    // Not allowed everywhere the operator's level is (BETWEEN, POSITION): always in parentheses inside another operator.
    return { doc, level: LEVEL.not };
  }
  if (name !== 'extract' || first.kind !== 'literal' || first.value.type !== 'text') return undefined;
  const field = first.value.value;
  if (!/^[a-z]+$/.test(field)) return undefined;
  return primary(['EXTRACT(', field.toUpperCase(), ' FROM ', printTop(second, printer), ')']);
}

/** `ORDER BY a DESC, b NULLS FIRST`; the dialect's default is left out. */
export function printOrder(items: readonly OrderItem[], printer: Printer): Doc {
  const printed = items.map(({ expression, descending, nulls }) => {
    const usual = printer.dialect.nullsFirst(descending) ? 'first' : 'last';
    return [printTop(expression, printer), descending ? ' DESC' : '', nulls === usual ? '' : ` NULLS ${nulls.toUpperCase()}`];
  });
  return group(['ORDER BY', indent([LINE, commaList(printed)])]);
}

function printOver(window: WindowSpecification, printer: Printer): Doc {
  const onlyBase = window.partitionBy.length === 0 && window.orderBy.length === 0 && window.frame === null;
  return onlyBase && window.base !== null ? printName(printer.dialect, window.base) : printWindow(window, printer);
}

/** Words that begin the next clause of a window, so that a base of this name needs quotes. */
const CLAUSES: readonly string[] = ['partition', 'range', 'rows', 'groups'];

/** `(base PARTITION BY … ORDER BY … ROWS …)` */
export function printWindow(window: WindowSpecification, printer: Printer): Doc {
  const { base, partitionBy, orderBy, frame } = window;
  const quotes = printer.dialect.nameQuotes.charAt(0);
  const parts: Doc[] = [];
  if (base !== null) parts.push(CLAUSES.includes(base) ? quoted(base, quotes) : printName(printer.dialect, base));
  if (partitionBy.length > 0) {
    parts.push(['PARTITION BY ', commaList(partitionBy.map((expression) => printTop(expression, printer)))]);
  }
  if (orderBy.length > 0) parts.push(printOrder(orderBy, printer));
  if (frame !== null) parts.push(printFrame(frame, printer));
  return parenthesized(join(parts, LINE));
}

function printFrame({ unit, start, end }: WindowFrame, printer: Printer): Doc {
  return [`${unit.toUpperCase()} BETWEEN `, printBound(start, printer), ' AND ', printBound(end, printer)];
}

function printBound(bound: FrameBound, printer: Printer): Doc {
  if ('offset' in bound) return [printTop(bound.offset, printer), ` ${bound.type.toUpperCase()}`];
  return bound.type.replace('_', ' ').toUpperCase();
}
