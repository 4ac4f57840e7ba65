import type { SeriesValueKind } from '../../../grammars/ast/series-kind.ts';
import type { SeriesFunctionInfo } from '../../../planner/catalog.ts';

/**
 * The functions of the series algebra by their Prometheus names (prometheus/promql/parser/functions.go): what they take
 * and give. `src/exec/series` evaluates them.
 */

function info(
  name: string,
  arguments_: readonly SeriesValueKind[],
  options: Partial<Pick<SeriesFunctionInfo, 'required' | 'variadic' | 'returns' | 'keepsName'>> = {},
): SeriesFunctionInfo {
  return {
    name,
    arguments: arguments_,
    required: options.required ?? arguments_.length,
    variadic: options.variadic ?? false,
    returns: options.returns ?? 'vector',
    keepsName: options.keepsName ?? false,
  };
}

const RANGE_FUNCTIONS = [
  'absent_over_time',
  'avg_over_time',
  'changes',
  'count_over_time',
  'delta',
  'deriv',
  'idelta',
  'increase',
  'irate',
  'mad_over_time',
  'max_over_time',
  'min_over_time',
  'present_over_time',
  'rate',
  'resets',
  'stddev_over_time',
  'stdvar_over_time',
  'sum_over_time',
];

const INSTANT_FUNCTIONS = [
  'abs',
  'absent',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'ceil',
  'cos',
  'cosh',
  'deg',
  'exp',
  'floor',
  'ln',
  'log10',
  'log2',
  'rad',
  'sgn',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
  'timestamp',
];

/** Without an argument they are about the time of the step. */
const DATE_PARTS = ['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'];

export const seriesFunctions: ReadonlyMap<string, SeriesFunctionInfo> = new Map(
  [
    ...RANGE_FUNCTIONS.map((name) => info(name, ['range'])),
    info('last_over_time', ['range'], { keepsName: true }),
    info('first_over_time', ['range'], { keepsName: true }),
    info('quantile_over_time', ['scalar', 'range']),
    info('predict_linear', ['range', 'scalar']),
    info('double_exponential_smoothing', ['range', 'scalar', 'scalar']),
    ...INSTANT_FUNCTIONS.map((name) => info(name, ['vector'])),
    ...DATE_PARTS.map((name) => info(name, ['vector'], { required: 0 })),
    info('clamp', ['vector', 'scalar', 'scalar']),
    info('clamp_max', ['vector', 'scalar']),
    info('clamp_min', ['vector', 'scalar']),
    info('round', ['vector', 'scalar'], { required: 1 }),
    info('sort', ['vector'], { keepsName: true }),
    info('sort_desc', ['vector'], { keepsName: true }),
    info('sort_by_label', ['vector', 'string'], { variadic: true, keepsName: true }),
    info('sort_by_label_desc', ['vector', 'string'], { variadic: true, keepsName: true }),
    info('label_join', ['vector', 'string', 'string', 'string'], { required: 3, variadic: true, keepsName: true }),
    info('label_replace', ['vector', 'string', 'string', 'string', 'string'], { keepsName: true }),
    info('histogram_quantile', ['scalar', 'vector']),
    info('pi', [], { returns: 'scalar' }),
    info('scalar', ['vector'], { returns: 'scalar' }),
    info('time', [], { returns: 'scalar' }),
    info('vector', ['scalar']),
  ].map((each) => [each.name, each]),
);
