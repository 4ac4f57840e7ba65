import fc from 'fast-check';
import type {
  AggregationOperator,
  Matcher,
  Selector,
  SeriesBinaryOperator,
  SeriesExpression,
  TimeModifiers,
  VectorMatching,
} from '../../../grammars/ast/series.ts';
import { seriesKindOf } from '../../../grammars/ast/series-kind.ts';
import { FUNCTIONS, type PromqlFunction, promqlFunction } from '../../../grammars/promql/functions.ts';
import { AGGREGATORS, OPERATORS, PARAMETER_AGGREGATORS } from '../../../grammars/promql/keywords.ts';
import { NO_SPAN } from '../../../src/types/span.ts';

/*
 * Trees that PromQL can say: well typed, with matchings completed as the parser completes them.
 */

const span = NO_SPAN;
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).filter((each) => each.isWellFormed()),
);
const name = fc.oneof(
  fc.constantFrom('up', 'http_requests_total', 'a:b', 'sum', 'by', 'offset', 'bool', 'inf', 'fill', 'with space', 'é.x'),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/),
);
const label = fc.oneof(
  fc.constantFrom('job', 'instance', 'le', 'on', 'group_left', 'and', 'my.label'),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,3}$/),
);
const labels = fc.uniqueArray(label, { maxLength: 3 });
/** Up to ten years, whole milliseconds. */
const duration = fc.oneof(fc.constantFrom(1, 1000, 300_000, 3_600_000, 86_400_000 * 365), fc.integer({ min: 1, max: 3e11 }));

const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({ span: fc.constant(span), label, operator: fc.constantFrom('equal' as const, 'not_equal' as const), value: text }),
  fc.record({
    span: fc.constant(span),
    label,
    operator: fc.constantFrom('match' as const, 'not_match' as const),
    value: fc.constantFrom('a|b', 'x.*', '(?i)Foo', '[^a]+', '\\d{2}', 'a\\.b'),
  }),
);

const modifiers: fc.Arbitrary<TimeModifiers> = fc.record({
  offset: fc.oneof(
    fc.constant(0),
    duration,
    duration.map((each) => -each),
  ),
  at: fc.oneof(
    fc.constant(null),
    fc.constantFrom({ type: 'start' as const }, { type: 'end' as const }),
    fc.integer({ min: -1e12, max: 4e12 }).map((time) => ({ type: 'time' as const, time })),
  ),
});

/** A name, and matchers; no selector is without a matcher that refuses the empty string. */
const selector: fc.Arbitrary<Selector> = fc
  .record({ metric: fc.option(name), matchers: fc.array(matcher, { maxLength: 3 }), when: modifiers })
  .map(({ metric, matchers, when }) => {
    const sure: Matcher = { span, label: 'job', operator: 'equal', value: 'x' };
    const given = metric === null ? [...matchers, sure] : matchers;
    return { kind: 'selector' as const, span, metric, matchers: given, ...when };
  });

const number: fc.Arbitrary<SeriesExpression> = fc
  .oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 5e-324),
  )
  .map((value) => ({ kind: 'number', span, value }));

const string: fc.Arbitrary<SeriesExpression> = text.map((value) => ({ kind: 'string', span, value }));

const functionsReturning = (kind: 'scalar' | 'vector'): readonly PromqlFunction[] =>
  [...FUNCTIONS.values()].filter((each) => each.returns === kind);

function call(definition: PromqlFunction, depth: number): fc.Arbitrary<SeriesExpression> {
  const most = definition.arguments.length + (definition.variadic ? 2 : 0);
  return fc.integer({ min: definition.required, max: most }).chain((count) => {
    const kinds = Array.from(
      { length: count },
      (_, index) => definition.arguments[Math.min(index, definition.arguments.length - 1)],
    );
    const arguments_ = kinds.map((kind) => ofKind(kind ?? 'vector', depth - 1));
    return fc
      .tuple(...arguments_)
      .map((list): SeriesExpression => ({ kind: 'series_call', span, name: definition.name, arguments: list }));
  });
}

function aggregation(depth: number): fc.Arbitrary<SeriesExpression> {
  const operators = AGGREGATORS.filter((each) => each !== 'limit_ratio');
  return fc.constantFrom(...operators).chain((operator: AggregationOperator) => {
    const parameter = operator === 'count_values' ? string : scalar(depth - 1);
    return fc.record({
      kind: fc.constant('aggregation' as const),
      span: fc.constant(span),
      operator: fc.constant(operator),
      parameter: PARAMETER_AGGREGATORS.has(operator) ? parameter : fc.constant(null),
      operand: vector(depth - 1),
      grouping: fc.record({ type: fc.constantFrom('by' as const, 'without' as const), labels }),
    });
  });
}

const NO_MATCHING: VectorMatching = { on: false, labels: [], cardinality: 'one_to_one', include: [] };

const matching: fc.Arbitrary<VectorMatching> = fc
  .record({
    on: fc.boolean(),
    labels,
    cardinality: fc.constantFrom('one_to_one' as const, 'many_to_one' as const, 'one_to_many' as const),
    include: labels,
  })
  .map(({ on, labels: list, cardinality, include }) => ({
    on,
    labels: list,
    cardinality,
    include: cardinality === 'one_to_one' ? [] : include.filter((each) => !on || !list.includes(each)),
  }));

const operators = Object.keys(OPERATORS) as SeriesBinaryOperator[];

function binary(
  left: fc.Arbitrary<SeriesExpression>,
  right: fc.Arbitrary<SeriesExpression>,
  vectors: boolean,
): fc.Arbitrary<SeriesExpression> {
  const allowed = operators.filter((each) => vectors || OPERATORS[each].class !== 'set');
  return fc.record({ operator: fc.constantFrom(...allowed), left, right, bool: fc.boolean(), matching }).map((parts) => {
    const { class: group } = OPERATORS[parts.operator];
    const scalars = [parts.left, parts.right].every(
      (side) => seriesKindOf(side, ({ name, span: at }) => promqlFunction(name, at).returns) === 'scalar',
    );
    const set: VectorMatching = { ...parts.matching, cardinality: 'many_to_many', include: [] };
    return {
      kind: 'series_binary' as const,
      span,
      operator: parts.operator,
      left: parts.left,
      right: parts.right,
      returnBool: group === 'comparison' && (parts.bool || scalars),
      matching: vectors ? (group === 'set' ? set : parts.matching) : NO_MATCHING,
    };
  });
}

const negate = (operand: fc.Arbitrary<SeriesExpression>): fc.Arbitrary<SeriesExpression> =>
  operand.map((each) => ({ kind: 'series_negate', span, operand: each }));

function scalar(depth: number): fc.Arbitrary<SeriesExpression> {
  if (depth <= 0) return number;
  const inner = scalar(depth - 1);
  return fc.oneof(
    number,
    negate(inner),
    binary(inner, inner, false),
    fc.constantFrom(...functionsReturning('scalar')).chain((each) => call(each, depth)),
  );
}

function vector(depth: number): fc.Arbitrary<SeriesExpression> {
  if (depth <= 0) return selector;
  const inner = vector(depth - 1);
  return fc.oneof(
    selector,
    negate(inner),
    aggregation(depth),
    binary(inner, inner, true),
    binary(inner, scalar(depth - 1), false),
    binary(scalar(depth - 1), inner, false),
    fc.constantFrom(...functionsReturning('vector')).chain((each) => call(each, depth)),
  );
}

function range(depth: number): fc.Arbitrary<SeriesExpression> {
  const samples = fc
    .record({ selector, range: duration })
    .map((parts): SeriesExpression => ({ kind: 'range_selector', span, ...parts }));
  if (depth <= 0) return samples;
  const subquery = fc
    .record({ expression: vector(depth - 1), range: duration, step: fc.option(duration), when: modifiers })
    .map(({ when, ...parts }): SeriesExpression => ({ kind: 'subquery', span, ...parts, ...when }));
  return fc.oneof(samples, subquery);
}

function ofKind(kind: 'scalar' | 'vector' | 'range' | 'string', depth: number): fc.Arbitrary<SeriesExpression> {
  if (kind === 'scalar') return scalar(depth);
  if (kind === 'vector') return vector(depth);
  return kind === 'range' ? range(depth) : string;
}

/** Series expressions of every kind, `depth` levels deep. */
export function seriesExpression(depth = 3): fc.Arbitrary<SeriesExpression> {
  return fc.oneof({ arbitrary: vector(depth), weight: 4 }, scalar(depth), range(depth), string);
}
