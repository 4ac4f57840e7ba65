/** Functions of float64 that WebAssembly has no instruction for. */
export function mathImports(): Record<string, (...args: never[]) => unknown> {
  return {
    float_remainder: (a: number, b: number) => a % b,
    float_power: (a: number, b: number) => power(a, b),
    exp: Math.exp,
    ln: Math.log,
    log10: Math.log10,
    log2: Math.log2,
    cbrt: Math.cbrt,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    atan2: Math.atan2,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    asinh: Math.asinh,
    acosh: Math.acosh,
    atanh: Math.atanh,
    random: Math.random,
  };
}

/** C's pow, which PostgreSQL follows: 1 to any power and (−1) to an infinite one is 1, also where JavaScript says NaN. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
  return a ** b;
}
