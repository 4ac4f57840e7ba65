import type { ScalarDefinition } from '../../definition.ts';
import { intervalDivide, intervalMultiply, timeAdd, timeSubtract } from '../time/arithmetic.ts';
import { decimalQuotient, decimalRemainder, decimalRing } from './decimal.ts';
import { floatAdd, floatDivide, floatMultiply, floatSubtract, ieeeDivide, ieeeRemainder } from './float.ts';
import { integerQuotient, integerRing } from './integer.ts';
import { negateOverloads } from './negate.ts';

/** The arithmetic operators by meaning (grammars/ast: BinaryOperator, UnaryOperator). */
export const arithmeticFunctions: readonly ScalarDefinition[] = [
  { name: 'add', summary: 'a + b', overloads: [...integerRing('add'), decimalRing('add'), floatAdd, ...timeAdd] },
  {
    name: 'subtract',
    summary: 'a - b',
    overloads: [...integerRing('subtract'), decimalRing('subtract'), floatSubtract, ...timeSubtract],
  },
  {
    name: 'multiply',
    summary: 'a * b',
    overloads: [...integerRing('multiply'), decimalRing('multiply'), floatMultiply, ...intervalMultiply],
  },
  {
    name: 'divide',
    summary: 'a / b: integers truncate, decimals round at 16 fraction digits or more',
    overloads: [...integerQuotient('divide'), decimalQuotient, floatDivide, intervalDivide],
  },
  { name: 'divide_float', summary: 'a / b in IEEE 754 floating point: x / 0 is an infinity or NaN', overloads: [ieeeDivide] },
  {
    name: 'modulo',
    summary: 'a % b, with the sign of a',
    overloads: [...integerQuotient('modulo'), decimalRemainder, ieeeRemainder],
  },
  { name: 'negate', summary: '-a', overloads: negateOverloads },
];
