import fc, { type Arbitrary } from 'fast-check';
import type {
  BinaryOperator,
  Expression,
  Literal,
  UnaryOperator,
  WindowSpecification,
} from '../../../grammars/ast/expression.ts';
import type { Alias, Query, QueryBody, Relation, SelectItem } from '../../../grammars/ast/relation.ts';
import type { Statement } from '../../../grammars/ast/statement.ts';
import { stripSpans } from '../../../grammars/ast/visit-spans.ts';
import { parseSeriesExpression } from '../../../grammars/promql/parser.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TEXT,
  timestamp,
} from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';

/*
 * Trees as the LQL parser makes them ("canonical"): what it folds away does not occur, such as a parenthesized query
 * without clauses of its own. Names and texts include what needs quotes.
 */

const span = NO_SPAN;

const AWKWARD_NAMES = [
  'select',
  'order',
  'Mixed',
  'a b',
  'über',
  'x"y',
  'partition',
  'rows',
  'time',
  'tag',
  'end',
  'day',
  'interval',
];
const MORE_AWKWARD_NAMES = [
  'if',
  'first',
  'all',
  'user',
  'left',
  'values',
  'current_date',
  'escape',
  'null',
  'filter',
  'over',
  '1a',
];

export const name: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'value', 'host', 'line_item', 'x1') },
  { weight: 1, arbitrary: fc.constantFrom(...AWKWARD_NAMES, ...MORE_AWKWARD_NAMES) },
);
const names = fc.array(name, { minLength: 1, maxLength: 3 });
const optionalNames = fc.array(name, { maxLength: 2 });
const text = fc.oneof(
  fc.constantFrom("it's", 'a\\b', 'two\nlines', '--', '', '日本'),
  // PostgreSQL has no NUL in texts.
  fc.string({ maxLength: 6, unit: 'binary' }).filter((each) => !each.includes('\0')),
);

export const dataType: Arbitrary<DataType> = fc.oneof(
  fc.constantFrom<DataType>(BOOLEAN, INT32, INT64, FLOAT64, TEXT, DATE, INTERVAL),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
    .map(([precision, scale]) => decimal(precision, Math.min(precision, scale))),
  fc.tuple(fc.constantFrom('s', 'ms', 'us', 'ns'), fc.boolean()).map(([unit, zoned]) => timestamp(unit, zoned)),
);

export const literal: Arbitrary<Literal> = fc
  .oneof<Arbitrary<Literal['value']>[]>(
    fc.constant({ type: 'null' }),
    fc.boolean().map((value) => ({ type: 'boolean', value })),
    fc.bigInt({ min: 0n, max: 10n ** 20n }).map((value) => ({ type: 'integer', text: String(value) })),
    fc.tuple(fc.nat(), fc.nat()).map(([whole, fraction]) => ({ type: 'decimal', text: `${whole}.${fraction}` })),
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => ({ type: 'float', value: Math.abs(value) })),
    text.map((value) => ({ type: 'text', value })),
    fc
      .tuple(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
      .map(([months, days, nanoseconds]) => ({ type: 'interval', months: months | 0, days: days | 0, nanoseconds })),
  )
  .map((value) => ({ kind: 'literal', span, value }));

const integer: Arbitrary<Expression> = fc
  .nat(9)
  .map((value) => ({ kind: 'literal', span, value: { type: 'integer', text: `${value}` } }));

const BINARY: readonly BinaryOperator[] = [
  ...(['add', 'subtract', 'multiply', 'divide', 'modulo', 'power', 'concatenate', 'equal', 'not_equal', 'less'] as const),
  ...(['less_equal', 'greater', 'greater_equal', 'is_distinct', 'is_not_distinct', 'and', 'or'] as const),
];
const UNARY: readonly UnaryOperator[] = [
  ...(['negate', 'plus', 'not', 'is_null', 'is_not_null', 'is_true', 'is_not_true', 'is_false', 'is_not_false'] as const),
];
const COMPARISONS = ['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'] as const;

const FUNCTIONS = [
  'sum',
  'coalesce',
  'substring',
  'date_trunc',
  'extract',
  'timezone',
  'strpos',
  'now',
  'current_date',
  'trim',
  'Odd One',
];

const SERIES = ['up', 'sum by (job) (rate(http_requests_total{code="5\'00"}[5m]))', 'a / on(x) b'].map((query) =>
  stripSpans(parseSeriesExpression(query)),
);

const isBare = (query: Query): boolean =>
  query.with.length === 0 && query.orderBy.length === 0 && query.limit === null && query.offset === null;

type Trees = {
  expression: Expression;
  operand: Expression;
  window: WindowSpecification;
  query: Query;
  body: QueryBody;
  relation: Relation;
};

const optional = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 2 });

const { expression, query } = fc.letrec<Trees>((tie) => {
  const list = fc.array(tie('expression'), { minLength: 1, maxLength: 3 });
  const order = fc.record({
    expression: tie('expression'),
    descending: fc.boolean(),
    nulls: fc.constantFrom('first' as const, 'last' as const),
  });
  const orders = fc.array(order, { maxLength: 2 });
  const alias: Arbitrary<Alias> = fc.record({ name, columns: optionalNames });
  const negated = fc.boolean();
  const column: Arbitrary<Expression> = fc.record({
    kind: fc.constant('column'),
    span: fc.constant(span),
    qualifier: optional(name),
    name,
  });

  const leaf: Arbitrary<Expression> = fc.oneof(
    literal,
    column,
    fc.integer({ min: 1, max: 9 }).map((index): Expression => ({ kind: 'parameter', span, index })),
  );
  const call: Arbitrary<Expression> = fc
    .record({
      name: fc.constantFrom(...FUNCTIONS),
      arguments: fc.array(tie('expression'), { maxLength: 3 }),
      star: fc.boolean(),
      distinct: fc.boolean(),
      filter: optional(tie('expression')),
      orderBy: orders,
      over: optional(tie('window')),
    })
    .map((call): Expression => {
      const base = { kind: 'call', span, ...call } as const;
      if (call.star) return { ...base, arguments: [], distinct: false, orderBy: [] };
      return call.arguments.length === 0 ? { ...base, distinct: false, orderBy: [] } : base;
    });

  const operand = tie('expression');
  const severalItems = list.filter(([only, ...more]) => only?.kind !== 'scalar_subquery' || more.length > 0);
  const branches = fc.array(fc.record({ when: operand, then: operand }), { minLength: 1, maxLength: 2 });
  const operator: Arbitrary<Expression> = fc.oneof<Arbitrary<Expression>[]>(
    fc
      .record({ operator: fc.constantFrom(...BINARY), left: operand, right: operand })
      .map((parts) => ({ kind: 'binary', span, ...parts })),
    fc.record({ operator: fc.constantFrom(...UNARY), operand }).map((parts) => ({ kind: 'unary', span, ...parts })),
    fc
      .record({ operand, pattern: operand, escape: optional(operand), caseInsensitive: fc.boolean(), negated })
      .map((parts) => ({ kind: 'like', span, ...parts })),
    fc.record({ operand, low: operand, high: operand, negated }).map((parts) => ({ kind: 'between', span, ...parts })),
    fc.record({ operand, items: severalItems, negated }).map((parts) => ({ kind: 'in_list', span, ...parts })),
    fc.record({ operand, type: dataType }).map((parts) => ({ kind: 'cast', span, ...parts })),
    fc
      .record({ operand: optional(operand), branches, otherwise: optional(operand) })
      .map((parts) => ({ kind: 'case', span, ...parts })),
    fc.record({ operand, query: tie('query'), negated }).map((parts) => ({ kind: 'in_subquery', span, ...parts })),
    fc
      .record({
        operand,
        operator: fc.constantFrom(...COMPARISONS),
        quantifier: fc.constantFrom('any' as const, 'all' as const),
        query: tie('query'),
      })
      .map((parts) => ({ kind: 'quantified', span, ...parts })),
    tie('query').map((inner) => ({ kind: 'exists', span, query: inner })),
    tie('query').map((inner) => ({ kind: 'scalar_subquery', span, query: inner })),
  );

  const bound = (side: 'preceding' | 'following') => integer.map((offset) => ({ type: side, offset }) as const);
  const frame = fc.record({
    unit: fc.constantFrom('rows' as const, 'range' as const, 'groups' as const),
    start: fc.oneof(fc.constant({ type: 'unbounded_preceding' as const }), bound('preceding')),
    end: fc.oneof(
      fc.constantFrom({ type: 'current_row' as const }, { type: 'unbounded_following' as const }),
      bound('following'),
    ),
  });

  const item: Arbitrary<SelectItem> = fc.oneof(
    fc.record({ kind: fc.constant('expression' as const), expression: tie('expression'), alias: optional(name) }),
    fc.record({ kind: fc.constant('all' as const), span: fc.constant(span), qualifier: optional(name) }),
  );
  const operandBody = tie('body').filter((body) => body.kind !== 'query' || !isBare(body));

  const join = fc.record({ left: tie('relation'), right: tie('relation') }).chain((sides) =>
    fc
      .oneof(
        fc.constant({ type: 'cross' as const, condition: null }),
        fc.record({
          type: fc.constantFrom('inner' as const, 'left' as const, 'right' as const, 'full' as const),
          condition: fc.oneof(
            fc.record({ type: fc.constant('on' as const), expression: tie('expression') }),
            fc.record({ type: fc.constant('using' as const), columns: names }),
            fc.constant({ type: 'natural' as const }),
          ),
        }),
      )
      .map((rest): Relation => ({ kind: 'join', span, ...sides, ...rest })),
  );
  const series: Arbitrary<Relation> = fc
    .record({
      expression: fc.constantFrom(...SERIES),
      start: tie('expression'),
      end: tie('expression'),
      step: optional(tie('expression')),
      alias: optional(alias),
    })
    .map((relation) => ({
      kind: 'series_relation',
      span,
      ...relation,
      end: relation.step === null ? relation.start : relation.end,
    }));

  return {
    expression: fc.oneof({ maxDepth: 3, depthIdentifier: 'lql', withCrossShrink: true }, leaf, operator, call),
    operand: leaf,
    window: fc.record({
      base: optional(name),
      partitionBy: fc.array(tie('expression'), { maxLength: 2 }),
      orderBy: orders,
      frame: optional(frame),
    }),
    query: fc
      .record({
        with: fc.array(fc.record({ name, span: fc.constant(span), columns: optionalNames, query: tie('query') }), {
          maxLength: 1,
        }),
        body: tie('body').map((body) => (body.kind === 'query' ? body.body : body)),
        orderBy: orders,
        limit: optional(tie('expression')),
        offset: optional(tie('expression')),
      })
      .map((parts): Query => ({ kind: 'query', span, ...parts })),
    body: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'lql', withCrossShrink: true },
      fc.array(fc.nat(5), { minLength: 1, maxLength: 2 }).chain((shape) => {
        const row = fc.array(tie('operand'), { minLength: shape.length, maxLength: shape.length });
        return fc.array(row, { minLength: 1, maxLength: 2 }).map((rows): QueryBody => ({ kind: 'values', span, rows }));
      }),
      fc
        .record({
          distinct: fc.boolean(),
          items: fc.array(item, { minLength: 1, maxLength: 3 }),
          from: optional(tie('relation')),
          where: optional(tie('expression')),
          groupBy: fc.array(tie('expression'), { maxLength: 2 }),
          having: optional(tie('expression')),
          windows: fc.array(fc.record({ name, specification: tie('window') }), { maxLength: 1 }),
        })
        .map((select): QueryBody => ({ kind: 'select', span, ...select })),
      fc
        .record({
          operator: fc.constantFrom('union' as const, 'intersect' as const, 'except' as const),
          all: fc.boolean(),
          left: operandBody,
          right: operandBody,
        })
        .map((operation): QueryBody => ({ kind: 'set_operation', span, ...operation })),
      tie('query').filter((inner) => !isBare(inner)),
    ),
    relation: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'lql', withCrossShrink: true },
      fc
        .record({ schema: optional(name), name, alias: optional(alias) })
        .map((table): Relation => ({ kind: 'table', span, ...table })),
      fc
        .record({ query: tie('query'), lateral: fc.boolean(), alias: optional(alias) })
        .map((derived): Relation => ({ kind: 'derived', span, ...derived })),
      fc
        .record({
          name: fc.constantFrom('generate_series', 'Odd One'),
          arguments: fc.array(tie('expression'), { maxLength: 3 }),
          alias: optional(alias),
        })
        .map((call_): Relation => ({ kind: 'table_function', span, ...call_ })),
      series,
      join,
    ),
  };
});

export { expression, query };

const variable = fc.constantFrom('search_path', 'timezone', 'my.setting', 'local', 'statement_timeout');

const planned: Arbitrary<Statement> = fc.oneof(
  { weight: 3, arbitrary: query.map((each): Statement => ({ kind: 'query_statement', span, query: each })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ table: name, columns: optionalNames, source: query })
      .map((insert): Statement => ({ kind: 'insert', span, ...insert })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        name,
        ifNotExists: fc.boolean(),
        columns: fc.array(
          fc.record({
            span: fc.constant(span),
            name,
            type: dataType,
            role: fc.constantFrom(null, 'time' as const, 'tag' as const, 'field' as const),
            notNull: fc.boolean(),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        query: optional(query),
      })
      .map(
        (create): Statement => ({ kind: 'create_table', span, ...create, columns: create.query === null ? create.columns : [] }),
      ),
  },
);

/** Every kind of statement that LQL has. */
export const statement: Arbitrary<Statement> = fc.oneof(
  { weight: 4, arbitrary: planned },
  {
    weight: 1,
    arbitrary: fc.record({ names, ifExists: fc.boolean() }).map((drop): Statement => ({ kind: 'drop_table', span, ...drop })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        name,
        columns: optionalNames,
        query: optional(query),
        direction: fc.constantFrom('from' as const, 'to' as const),
        file: optional(text),
        options: fc.array(fc.record({ name, value: fc.oneof(text, fc.boolean()), span: fc.constant(span) }), { maxLength: 2 }),
      })
      .map(({ name: table, columns, query: source, direction, file, options }): Statement => {
        const lower = options.map((option) => ({ ...option, name: option.name.toLowerCase() }));
        const parts = { kind: 'copy', span, file, options: lower } as const;
        if (source !== null) return { ...parts, source: { type: 'query', query: source }, direction: 'to' };
        return { ...parts, source: { type: 'table', name: table, columns }, direction };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        analyze: fc.boolean(),
        verbose: fc.boolean(),
        format: fc.constantFrom('text' as const, 'json' as const),
        statement: planned.filter((each) => each.kind !== 'create_table' || each.query !== null),
      })
      .map((explain): Statement => ({ kind: 'explain', span, ...explain })),
  },
  { weight: 1, arbitrary: optionalNames.map((tables): Statement => ({ kind: 'analyze', span, tables })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('begin' as const, 'commit' as const, 'rollback' as const)
      .map((action): Statement => ({ kind: 'transaction', span, action })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ name: variable, value: optional(text), local: fc.boolean() })
      .map((set): Statement => ({ kind: 'set', span, ...set })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('all', 'timezone', 'my.setting')
      .map((variable_): Statement => ({ kind: 'show', span, name: variable_ })),
  },
  { weight: 1, arbitrary: optional(name).map((statement): Statement => ({ kind: 'deallocate', span, name: statement })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('all' as const, 'plans' as const, 'sequences' as const, 'temp' as const)
      .map((what): Statement => ({ kind: 'discard', span, what })),
  },
);
