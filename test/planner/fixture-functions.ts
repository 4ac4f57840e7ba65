import type { ArgumentInfo, FunctionCatalog, SeriesFunctionInfo, TableFunctionInfo } from '../../planner/catalog.ts';
import type { AggregateFunction, ScalarFunction } from '../../planner/expression.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  isNumeric,
  MAX_DECIMAL_PRECISION,
  NULL,
  sameType,
  TEXT,
  TIMESTAMP,
} from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';

/** A handful of functions with PostgreSQL's rules, enough to bind planner tests without the executor's code. */

const COMPARISONS = ['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'];
const NULL_SAFE = ['is_distinct', 'is_not_distinct'];
const ARITHMETIC = ['add', 'subtract', 'multiply', 'divide', 'divide_float', 'modulo', 'power'];
const TEXT_PREDICATES = ['like', 'ilike', 'matches_re2', 'regexp_full_match'];
const SCALAR = [
  ...COMPARISONS,
  ...NULL_SAFE,
  ...ARITHMETIC,
  ...TEXT_PREDICATES,
  'concatenate',
  'negate',
  'abs',
  'lower',
  'random',
  'extract',
  'substring',
];
const AGGREGATE = ['count', 'sum', 'avg', 'min', 'max', 'any_value'];
const WINDOW = ['row_number', 'rank', 'lag'];
const RANK: readonly DataType['kind'][] = ['int32', 'int64', 'decimal', 'float64'];

const SERIES: Record<string, Omit<SeriesFunctionInfo, 'name'>> = {
  rate: range(false),
  increase: range(false),
  last_over_time: range(true),
  sum_over_time: range(false),
  max_over_time: range(false),
  quantile_over_time: { arguments: ['scalar', 'range'], required: 2, variadic: false, returns: 'vector', keepsName: false },
  hour: { arguments: ['vector'], required: 0, variadic: false, returns: 'vector', keepsName: false },
  absent: { arguments: ['vector'], required: 1, variadic: false, returns: 'vector', keepsName: false },
  label_replace: {
    arguments: ['vector', 'string', 'string', 'string', 'string'],
    required: 5,
    variadic: false,
    returns: 'vector',
    keepsName: true,
  },
  abs: { arguments: ['vector'], required: 1, variadic: false, returns: 'vector', keepsName: false },
  vector: { arguments: ['scalar'], required: 1, variadic: false, returns: 'vector', keepsName: false },
  scalar: { arguments: ['vector'], required: 1, variadic: false, returns: 'scalar', keepsName: false },
  time: { arguments: [], required: 0, variadic: false, returns: 'scalar', keepsName: false },
};

function range(keepsName: boolean): Omit<SeriesFunctionInfo, 'name'> {
  return { arguments: ['range'], required: 1, variadic: false, returns: 'vector', keepsName };
}

function unknown(name: string, arguments_: readonly ArgumentInfo[], span: Span): LumaError {
  const types = arguments_.map((argument) => argument.type.kind).join(', ');
  return new LumaError(SQLSTATE.undefinedFunction, `function ${name}(${types}) does not exist`, { span });
}

function asDecimal(type: DataType): { precision: number; scale: number } {
  if (type.kind === 'decimal') return type;
  return { precision: type.kind === 'int32' ? 10 : 19, scale: 0 };
}

function commonType(types: readonly ArgumentInfo[]): DataType | undefined {
  const known = types.filter((type) => !type.untyped && type.type.kind !== 'null').map((type) => type.type);
  const [first] = known;
  if (first === undefined) return TEXT;
  if (known.every((type) => sameType(type, first))) return first;
  if (known.every(isNumeric)) {
    const rank = Math.max(...known.map((type) => RANK.indexOf(type.kind)));
    if (RANK[rank] === 'decimal') {
      const parts = known.map(asDecimal);
      const scale = Math.max(...parts.map((part) => part.scale));
      const digits = Math.max(...parts.map((part) => part.precision - part.scale));
      return { kind: 'decimal', precision: Math.min(MAX_DECIMAL_PRECISION, digits + scale), scale };
    }
    return RANK[rank] === 'float64' ? FLOAT64 : INT64;
  }
  if (known.every((type) => type.kind === 'date' || type.kind === 'timestamp')) {
    return known.find((type) => type.kind === 'timestamp');
  }
  return undefined;
}

function scalar(name: string, arguments_: readonly ArgumentInfo[], span: Span): ScalarFunction {
  const make = (
    argumentTypes: readonly DataType[],
    returnType: DataType,
    nulls: ScalarFunction['nulls'] = 'strict',
  ): ScalarFunction => ({
    name,
    argumentTypes,
    returnType,
    nulls,
    mayReturnNull: false,
    volatility: name === 'random' ? 'volatile' : 'immutable',
  });
  if (name === 'extract' && arguments_.length === 2) return make([TEXT, arguments_[1]?.type ?? DATE], FLOAT64);
  if (name === 'substring' && arguments_.length === 3) return make([TEXT, INT32, INT32], TEXT);
  const common = commonType(arguments_);
  const [first, second] = arguments_;
  if (name === 'random' && first === undefined) return make([], FLOAT64);
  if (first !== undefined && second === undefined) {
    if ((name === 'negate' || name === 'abs') && isNumeric(first.type)) return make([first.type], first.type);
    if (name === 'lower' && (first.untyped || first.type.kind === 'text')) return make([TEXT], TEXT);
  }
  if (first !== undefined && second !== undefined && common !== undefined && arguments_.length === 2) {
    if (COMPARISONS.includes(name)) return make([common, common], BOOLEAN);
    if (NULL_SAFE.includes(name)) return make([common, common], BOOLEAN, 'called');
    if (TEXT_PREDICATES.includes(name) && common.kind === 'text') return make([TEXT, TEXT], BOOLEAN);
    if (name === 'concatenate') return make([TEXT, TEXT], TEXT);
    if (ARITHMETIC.includes(name) && isNumeric(common)) {
      const type = name === 'divide_float' || name === 'power' ? FLOAT64 : common;
      return make([type, type], type);
    }
  }
  if (first !== undefined && second !== undefined && (name === 'add' || name === 'subtract')) {
    const interval = second.type.kind === 'interval';
    if (interval && first.type.kind === 'timestamp') return make([first.type, INTERVAL], first.type);
    if (interval && first.type.kind === 'date') return make([TIMESTAMP, INTERVAL], TIMESTAMP);
    if (name === 'subtract' && first.type.kind === 'date' && second.type.kind === 'date') return make([DATE, DATE], INT32);
  }
  throw unknown(name, arguments_, span);
}

function aggregate(name: string, arguments_: readonly ArgumentInfo[], span: Span): AggregateFunction {
  const [first] = arguments_;
  if (name === 'count' && arguments_.length <= 1) {
    return { name, argumentTypes: arguments_.map((argument) => argument.type), returnType: INT64, nullOnEmpty: false };
  }
  if (first === undefined || arguments_.length > 1 || !AGGREGATE.includes(name)) throw unknown(name, arguments_, span);
  const make = (returnType: DataType): AggregateFunction => ({
    name,
    argumentTypes: [first.type],
    returnType,
    nullOnEmpty: true,
  });
  if (name === 'min' || name === 'max' || name === 'any_value') return make(first.type);
  if (!isNumeric(first.type)) throw unknown(name, arguments_, span);
  if (name === 'avg') return make(FLOAT64);
  if (first.type.kind === 'int64') return make(decimal(MAX_DECIMAL_PRECISION, 0));
  return make(first.type.kind === 'int32' ? INT64 : first.type);
}

export const fixtureFunctions: FunctionCatalog = {
  kinds: (name) => {
    if (SCALAR.includes(name)) return ['scalar'];
    if (AGGREGATE.includes(name)) return ['aggregate', 'window'];
    if (WINDOW.includes(name)) return ['window'];
    return name === 'generate_series' ? ['table'] : [];
  },
  scalar,
  aggregate,
  window: (name, arguments_, span) => {
    if (name === 'lag')
      return { name, argumentTypes: arguments_.map((each) => each.type), returnType: arguments_[0]?.type ?? NULL };
    if (name === 'row_number' || name === 'rank') return { name, argumentTypes: [], returnType: INT64 };
    const resolved = aggregate(name, arguments_, span);
    return { name, argumentTypes: resolved.argumentTypes, returnType: resolved.returnType };
  },
  table: (name, arguments_, span): TableFunctionInfo => {
    if (name !== 'generate_series') throw unknown(name, arguments_, span);
    const type = arguments_.every((argument) => argument.type.kind === 'int32') ? INT32 : INT64;
    return {
      name,
      argumentTypes: arguments_.map(() => type),
      columns: [{ name: 'generate_series', type, nullable: false }],
    };
  },
  commonType,
  cast: (from, to) => {
    if (sameType(from, to) || from.kind === 'null') return 'implicit';
    if (isNumeric(from) && isNumeric(to)) return RANK.indexOf(from.kind) <= RANK.indexOf(to.kind) ? 'implicit' : 'assignment';
    if (from.kind === 'date' && to.kind === 'timestamp') return 'implicit';
    if (from.kind === 'timestamp' && (to.kind === 'date' || to.kind === 'timestamp')) return 'assignment';
    if (to.kind === 'text') return 'assignment';
    if (from.kind === 'text' || (from.kind === 'int32' && to.kind === 'boolean')) return 'explicit';
    return undefined;
  },
  series: (name, span) => {
    const info = SERIES[name];
    if (info === undefined) throw new LumaError(SQLSTATE.undefinedFunction, `unknown function ${name}`, { span });
    return { name, ...info };
  },
};
