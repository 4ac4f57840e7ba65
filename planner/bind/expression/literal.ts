import type { Literal } from '../../../grammars/ast/expression.ts';
import { BOOLEAN, decimal, FLOAT64, INT32, INT64, INTERVAL, MAX_DECIMAL_PRECISION, NULL } from '../../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { Constant } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { untypedText } from './coerce.ts';

/**
 * A literal as a constant (PostgreSQL, 4.1.2.6): whole numbers are int32 if they fit, else int64, else decimal; digits
 * with a point are decimals as wide as written. `sign` is that of a minus sign right before it, so that -2147483648 is
 * an int32. NULL and quoted strings stay untyped.
 */
export function literalConstant(literal: Literal, sign: 1n | -1n = 1n): Constant {
  const { value, span } = literal;
  switch (value.type) {
    case 'null':
      return constantOf(null, NULL, span);
    case 'boolean':
      return constantOf(value.value, BOOLEAN, span);
    case 'integer':
      return integerConstant(sign * BigInt(value.text), span);
    case 'decimal': {
      const constant = decimalConstant(value.text, span);
      if (constant === undefined) throw tooWide(span);
      return sign === 1n ? constant : constantOf(-BigInt(String(constant.value)), constant.type, span);
    }
    case 'float':
      return constantOf(Number(sign) * value.value, FLOAT64, span);
    case 'text':
      return untypedText(value.value, span);
    case 'interval':
      return constantOf({ months: value.months, days: value.days, nanoseconds: value.nanoseconds }, INTERVAL, span);
  }
}

function integerConstant(value: bigint, span: Span): Constant {
  if (BigInt.asIntN(32, value) === value) return constantOf(Number(value), INT32, span);
  if (BigInt.asIntN(64, value) === value) return constantOf(value, INT64, span);
  const digits = (value < 0n ? -value : value).toString().length;
  if (digits > MAX_DECIMAL_PRECISION) throw tooWide(span);
  return constantOf(value, decimal(digits, 0), span);
}

/** Digits with an optional sign, point and exponent as a decimal that holds exactly them; undefined for anything else. */
export function decimalConstant(text: string, span: Span): Constant | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) return undefined;
  const digits = fraction.length - Number(exponent);
  const scale = Math.max(digits, 0);
  const unscaled = BigInt(whole + fraction) * 10n ** BigInt(scale - digits);
  const precision = Math.max(unscaled.toString().length, scale);
  if (precision > MAX_DECIMAL_PRECISION) return undefined;
  return constantOf(sign === '-' ? -unscaled : unscaled, decimal(precision, scale), span);
}

function tooWide(span: Span): LumaError {
  return new LumaError(SQLSTATE.numericValueOutOfRange, `a number has at most ${MAX_DECIMAL_PRECISION} digits`, {
    span,
    hint: 'Write it with an exponent for a DOUBLE PRECISION value.',
  });
}
