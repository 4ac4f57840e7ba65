import { LumaError, notSupported, SQLSTATE } from '../../src/types/error.ts';
import { didYouMean } from '../../src/types/nearest.ts';
import type { Span } from '../../src/types/span.ts';
import type { SeriesValueKind } from '../ast/series-kind.ts';

/** A function of PromQL. Its name is also its LumaDB name (`src/functions/series`). */
export interface PromqlFunction {
  readonly name: string;
  /** Kinds of the arguments; the last may repeat when `variadic`. */
  readonly arguments: readonly SeriesValueKind[];
  /** How many of them must be given. */
  readonly required: number;
  readonly variadic: boolean;
  readonly returns: 'scalar' | 'vector';
}

function define(
  names: string,
  arguments_: readonly SeriesValueKind[],
  returns: 'scalar' | 'vector' = 'vector',
): PromqlFunction[] {
  return names.split(' ').map((name) => ({ name, arguments: arguments_, required: arguments_.length, variadic: false, returns }));
}

function optional(functions: readonly PromqlFunction[]): PromqlFunction[] {
  return functions.map((each) => ({ ...each, required: each.required - 1 }));
}

function variadic(functions: readonly PromqlFunction[]): PromqlFunction[] {
  return functions.map((each) => ({ ...each, required: each.required - 1, variadic: true }));
}

const ALL: readonly PromqlFunction[] = [
  ...define('rate increase delta irate idelta deriv changes resets', ['range']),
  ...define('avg_over_time min_over_time max_over_time sum_over_time count_over_time', ['range']),
  ...define('stddev_over_time stdvar_over_time last_over_time first_over_time present_over_time absent_over_time', ['range']),
  ...define('mad_over_time', ['range']),
  ...define('double_exponential_smoothing', ['range', 'scalar', 'scalar']),
  ...define('quantile_over_time', ['scalar', 'range']),
  ...define('predict_linear', ['range', 'scalar']),
  ...define('abs ceil floor exp ln log2 log10 sqrt sgn', ['vector']),
  ...define('sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh deg rad', ['vector']),
  ...optional(define('round', ['vector', 'scalar'])),
  ...define('clamp', ['vector', 'scalar', 'scalar']),
  ...define('clamp_min clamp_max', ['vector', 'scalar']),
  ...define('absent sort sort_desc timestamp', ['vector']),
  ...variadic(define('sort_by_label sort_by_label_desc', ['vector', 'string'])),
  ...define('histogram_quantile', ['scalar', 'vector']),
  ...define('label_replace', ['vector', 'string', 'string', 'string', 'string']),
  ...variadic(define('label_join', ['vector', 'string', 'string', 'string'])),
  ...optional(define('minute hour day_of_month day_of_week day_of_year days_in_month month year', ['vector'])),
  ...define('vector', ['scalar']),
  ...define('scalar', ['vector'], 'scalar'),
  ...define('time pi', [], 'scalar'),
];

/** Functions that LumaDB takes, by name. Kinds and counts as in Prometheus, promql/parser/functions.go. */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map(ALL.map((each) => [each.name, each]));

const HISTOGRAM_HINT = 'LumaDB stores plain samples, no native histograms.';
const EXPERIMENTAL_HINT = 'Prometheus has it behind --enable-feature=promql-experimental-functions.';

/** Functions of Prometheus that LumaDB refuses, with the reason. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['histogram_avg', HISTOGRAM_HINT],
  ['histogram_count', HISTOGRAM_HINT],
  ['histogram_sum', HISTOGRAM_HINT],
  ['histogram_stddev', HISTOGRAM_HINT],
  ['histogram_stdvar', HISTOGRAM_HINT],
  ['histogram_fraction', HISTOGRAM_HINT],
  ['histogram_quantiles', HISTOGRAM_HINT],
  ['holt_winters', 'Prometheus 3 calls it double_exponential_smoothing.'],
  ...[
    'info',
    'ts_of_first_over_time',
    'ts_of_last_over_time',
    'ts_of_max_over_time',
    'ts_of_min_over_time',
    'start_timestamp',
    'start',
    'end',
    'step',
    'range',
    'min_of',
    'max_of',
  ].map((name): [string, string] => [name, EXPERIMENTAL_HINT]),
]);

/** The function of that name. Throws 0A000 for one that only Prometheus has, 42883 for one that nobody has. */
export function promqlFunction(name: string, span: Span): PromqlFunction {
  const found = FUNCTIONS.get(name);
  if (found !== undefined) return found;
  const reason = REFUSED.get(name);
  if (reason !== undefined) throw notSupported(`function "${name}"`, { span, hint: reason });
  throw new LumaError(SQLSTATE.undefinedFunction, `unknown function with name "${name}"`, {
    span,
    hint: didYouMean(name, FUNCTIONS.keys()),
  });
}
