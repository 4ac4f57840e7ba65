import type { BoundExpression, Constant, ScalarCall } from '../expression.ts';
import { asComparison, type ComparisonOperator, flipComparison } from '../logical/predicates.ts';
import { axisOf } from './axis.ts';
import type { ColumnEstimate, PlanEstimate } from './estimate.ts';

/**
 * The fraction of rows for which a predicate is true. The defaults for what statistics say nothing about are
 * PostgreSQL's (src/include/utils/selfuncs.h): equality 0.005, inequality one third, pattern match 0.005, anything else one third.
 */
const DEFAULT_EQUALITY = 0.005;
const DEFAULT_INEQUALITY = 1 / 3;
const DEFAULT_MATCH = 0.005;
const DEFAULT_UNKNOWN = 1 / 3;
/** A LIKE pattern keeps this much per fixed character (PostgreSQL's FIXED_CHAR_SEL), but never less than the default. */
const FIXED_CHARACTER = 0.2;
/** A leading wildcard gives back this factor (FULL_WILDCARD_SEL). */
const WILDCARD = 5;
/** Least selectivity, so that no estimate reaches zero by multiplication. */
const MINIMUM = 1e-10;

export function selectivity(predicate: BoundExpression, input: PlanEstimate): number {
  return clamp(estimate(predicate, input));
}

function estimate(predicate: BoundExpression, input: PlanEstimate): number {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value === true ? 1 : 0;
    case 'and':
      return predicate.operands.reduce((product, operand) => product * selectivity(operand, input), 1);
    case 'or':
      return 1 - predicate.operands.reduce((product, operand) => product * (1 - selectivity(operand, input)), 1);
    case 'not':
      return 1 - selectivity(predicate.operand, input) - nullFraction(predicate.operand, input);
    case 'is_null':
      return columnOf(predicate.operand, input)?.nullFraction ?? (predicate.operand.nullable ? DEFAULT_EQUALITY : 0);
    case 'in': {
      const column = columnOf(predicate.operand, input);
      return Math.min(
        1,
        predicate.values.reduce((sum, value) => sum + (value.value === null ? 0 : equalToConstant(column, value)), 0),
      );
    }
    case 'column': {
      const column = input.columns.get(predicate.id);
      return column === undefined ? DEFAULT_UNKNOWN : equalToConstant(column, { type: predicate.type, value: true });
    }
    case 'call':
      return callSelectivity(predicate, input);
    case 'case':
    case 'coalesce':
    case 'cast':
    case 'parameter':
      return DEFAULT_UNKNOWN;
  }
}

function callSelectivity(predicate: ScalarCall, input: PlanEstimate): number {
  const comparison = asComparison(predicate);
  if (comparison !== undefined) {
    const { left, right, operator } = comparison;
    if (right.kind === 'constant') return comparedToConstant(operator, columnOf(left, input), right);
    if (left.kind === 'constant') return comparedToConstant(flipComparison(operator), columnOf(right, input), left);
    return comparedToExpression(operator, columnOf(left, input), columnOf(right, input));
  }
  const [first, second] = predicate.arguments;
  switch (predicate.function.name) {
    case 'is_not_distinct':
      return comparedToExpression('equal', first && columnOf(first, input), second && columnOf(second, input));
    case 'is_distinct':
      return 1 - comparedToExpression('equal', first && columnOf(first, input), second && columnOf(second, input));
    case 'like':
    case 'ilike':
    case 'starts_with':
      return second?.kind === 'constant' && typeof second.value === 'string'
        ? patternSelectivity(second.value, first && columnOf(first, input))
        : DEFAULT_MATCH;
    default:
      return DEFAULT_UNKNOWN;
  }
}

/** The estimate of the column that an expression is, seen through casts: they keep order and distinctness as a rule. */
export function columnOf(expression: BoundExpression, input: PlanEstimate): ColumnEstimate | undefined {
  if (expression.kind === 'column') return input.columns.get(expression.id);
  if (expression.kind === 'cast' && expression.operand.type.kind !== 'text') return columnOf(expression.operand, input);
  return undefined;
}

function comparedToConstant(
  operator: ComparisonOperator,
  column: ColumnEstimate | undefined,
  constant: Pick<Constant, 'type' | 'value'>,
): number {
  if (constant.value === null) return 0;
  const present = 1 - (column?.nullFraction ?? 0);
  if (operator === 'equal') return equalToConstant(column, constant);
  if (operator === 'not_equal') return present - equalToConstant(column, constant);
  const position = axisOf(constant.value, constant.type);
  if (column === undefined || position === undefined) return DEFAULT_INEQUALITY;
  const below = fractionBelow(column, position);
  if (below === undefined) return DEFAULT_INEQUALITY * present;
  const equal = Math.min(below.exactEnd ? 0 : 1, equalToConstant(column, constant) / Math.max(present, MINIMUM));
  const less = below.fraction;
  switch (operator) {
    case 'less':
      return less * present;
    case 'less_equal':
      return Math.min(1, less + equal) * present;
    case 'greater':
      return Math.max(0, 1 - less - equal) * present;
    case 'greater_equal':
      return (1 - less) * present;
  }
}

function equalToConstant(column: ColumnEstimate | undefined, constant: Pick<Constant, 'type' | 'value'>): number {
  if (column === undefined) return DEFAULT_EQUALITY;
  const common = column.mostCommon.find(({ value }) => value === constant.value);
  if (common !== undefined) return common.frequency;
  const position = axisOf(constant.value, constant.type);
  if (position !== undefined && column.type.kind !== 'text') {
    if (column.min !== null && position < column.min) return 0;
    if (column.max !== null && position > column.max) return 0;
  }
  const commonFrequency = column.mostCommon.reduce((sum, { frequency }) => sum + frequency, 0);
  const others = Math.max(1, column.distinct - column.mostCommon.length);
  return Math.max(0, 1 - column.nullFraction - commonFrequency) / others;
}

/** The fraction of non-NULL values below a position: by histogram, else by even spread between min and max. */
function fractionBelow(column: ColumnEstimate, position: number): { fraction: number; exactEnd: boolean } | undefined {
  const { min, max, histogram } = column;
  if (min !== null && position < min) return { fraction: 0, exactEnd: true };
  if (max !== null && position > max) return { fraction: 1, exactEnd: true };
  if (histogram.length >= 2) {
    const buckets = histogram.length - 1;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const low = histogram[bucket] ?? 0;
      const high = histogram[bucket + 1] ?? low;
      if (position > high) continue;
      const within = high > low ? Math.max(0, (position - low) / (high - low)) : 0;
      return { fraction: (bucket + within) / buckets, exactEnd: false };
    }
    return { fraction: 1, exactEnd: false };
  }
  if (min === null || max === null) return undefined;
  return { fraction: max > min ? (position - min) / (max - min) : 0, exactEnd: false };
}

function comparedToExpression(
  operator: ComparisonOperator,
  left: ColumnEstimate | undefined,
  right: ColumnEstimate | undefined,
): number {
  const present = (1 - (left?.nullFraction ?? 0)) * (1 - (right?.nullFraction ?? 0));
  const distinct = Math.max(left?.distinct ?? 0, right?.distinct ?? 0);
  const equal = distinct > 0 ? 1 / distinct : DEFAULT_EQUALITY;
  if (operator === 'equal') return equal * present;
  if (operator === 'not_equal') return (1 - equal) * present;
  return DEFAULT_INEQUALITY * present;
}

function patternSelectivity(pattern: string, column: ColumnEstimate | undefined): number {
  if (!/[%_]/.test(pattern)) return column === undefined ? DEFAULT_MATCH : 1 / Math.max(1, column.distinct);
  let fraction = 1;
  for (const character of pattern) {
    if (character === '%') fraction *= WILDCARD;
    else if (character !== '_') fraction *= FIXED_CHARACTER;
    if (fraction > 1) fraction = 1;
  }
  return Math.max(DEFAULT_MATCH, Math.min(1, fraction)) * (1 - (column?.nullFraction ?? 0));
}

function nullFraction(predicate: BoundExpression, input: PlanEstimate): number {
  if (predicate.kind !== 'call' && predicate.kind !== 'in') return 0;
  const operands = predicate.kind === 'in' ? [predicate.operand] : predicate.arguments;
  return 1 - operands.reduce((present, operand) => present * (1 - (columnOf(operand, input)?.nullFraction ?? 0)), 1);
}

function clamp(fraction: number): number {
  if (Number.isNaN(fraction)) return DEFAULT_UNKNOWN;
  return Math.min(1, Math.max(MINIMUM, fraction));
}
