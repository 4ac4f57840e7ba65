import type { Scalar } from '../api.ts';

/** Bounds and common values in JSON, where bigints, NaN and infinities have no form: a letter for the type, then the text. */
export function scalarToText(value: Scalar): string | null {
  switch (typeof value) {
    case 'bigint':
      return `b${value}`;
    case 'number':
      return `n${Object.is(value, -0) ? '-0' : value}`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'string':
      return `s${value}`;
    default:
      return null;
  }
}

export function scalarFromText(text: string | null): Scalar {
  if (text === null) return null;
  switch (text[0]) {
    case 'b':
      return BigInt(text.slice(1));
    case 'n':
      return Number(text.slice(1));
    case 't':
      return true;
    case 'f':
      return false;
    default:
      return text.slice(1);
  }
}
