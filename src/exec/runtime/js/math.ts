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
    log_of_base: (base: number, value: number) => Math.log(value) / Math.log(base),
    round_float: roundFloat,
  };
}

/** C's pow, which PostgreSQL follows: 1 to any power and (−1) to an infinite one is 1, also where JavaScript says NaN. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
  return a ** b;
}

/** As DuckDB's round(double, n): half away from zero, of the value's 15 significant digits. */
function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 340) return value;
  if (digits < -308) return 0;
  const [mantissa = '', exponent = '0'] = value.toPrecision(15).split('e');
  const shifted = Number(`${mantissa}e${Number(exponent) + digits}`);
  if (!Number.isFinite(shifted)) return value;
  const rounded = Math.sign(shifted) * Math.round(Math.abs(shifted));
  const [whole = '', power = '0'] = rounded.toExponential().split('e');
  return Number(`${whole}e${Number(power) - digits}`);
}
