import type { AggregationOperator, SeriesBinaryOperator } from '../ast/series.ts';

/** Words the lexer knows, without regard to case (Prometheus, promql/parser/lex.go, `key`). */
export const AGGREGATORS: readonly AggregationOperator[] = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
];

/** Aggregations whose first argument is a parameter: a scalar, or for `count_values` a string. */
export const PARAMETER_AGGREGATORS: ReadonlySet<AggregationOperator> = new Set<AggregationOperator>([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

/** Keywords that may also name a metric where an operand is expected. */
export const NAME_KEYWORDS = ['by', 'without', 'offset', 'start', 'end'] as const;

/** Keywords that never name a metric outside braces. */
export const RESERVED_KEYWORDS = ['bool', 'on', 'ignoring', 'group_left', 'group_right'] as const;

/** Syntax of PromQL that stands behind feature flags in Prometheus 3. */
export const EXPERIMENTAL_KEYWORDS = ['smoothed', 'anchored', 'fill', 'fill_left', 'fill_right'] as const;

export interface OperatorInfo {
  readonly symbol: string;
  /** Higher binds tighter. All are left-associative but `^`. */
  readonly precedence: number;
  readonly class: 'arithmetic' | 'comparison' | 'set';
}

/** Precedence above every other binary operator and above unary minus. */
export const POWER_PRECEDENCE = 6;
/** A sign binds like `*` (generated_parser.y: `unary_op expr %prec MUL`). */
export const UNARY_PRECEDENCE = 5;

/** Binary operators with the precedence of the Prometheus documentation, "Binary operator precedence". */
export const OPERATORS: Readonly<Record<SeriesBinaryOperator, OperatorInfo>> = {
  or: { symbol: 'or', precedence: 1, class: 'set' },
  and: { symbol: 'and', precedence: 2, class: 'set' },
  unless: { symbol: 'unless', precedence: 2, class: 'set' },
  equal: { symbol: '==', precedence: 3, class: 'comparison' },
  not_equal: { symbol: '!=', precedence: 3, class: 'comparison' },
  less: { symbol: '<', precedence: 3, class: 'comparison' },
  less_equal: { symbol: '<=', precedence: 3, class: 'comparison' },
  greater: { symbol: '>', precedence: 3, class: 'comparison' },
  greater_equal: { symbol: '>=', precedence: 3, class: 'comparison' },
  add: { symbol: '+', precedence: 4, class: 'arithmetic' },
  subtract: { symbol: '-', precedence: 4, class: 'arithmetic' },
  multiply: { symbol: '*', precedence: 5, class: 'arithmetic' },
  divide: { symbol: '/', precedence: 5, class: 'arithmetic' },
  modulo: { symbol: '%', precedence: 5, class: 'arithmetic' },
  atan2: { symbol: 'atan2', precedence: 5, class: 'arithmetic' },
  power: { symbol: '^', precedence: POWER_PRECEDENCE, class: 'arithmetic' },
};

const NEVER_METRICS: ReadonlySet<string> = new Set([...RESERVED_KEYWORDS, 'atan2', 'inf', 'nan']);

/** A metric name that can stand without quotes where an operand is expected. */
export function isPlainMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) && !NEVER_METRICS.has(name.toLowerCase());
}

/** A label name that needs no quotes. */
export function isPlainLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}
