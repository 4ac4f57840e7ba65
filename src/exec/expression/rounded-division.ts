import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';

/** Pushes the i64 local ÷ divisor, rounded half away from zero as PostgreSQL rounds. */
export function pushRoundedQuotient(f: FunctionBuilder, dividend: Local, divisor: bigint): FunctionBuilder {
  const rest = f.local('i64');
  f.get(dividend).i64(divisor).op('i64.rem_s').set(rest);
  f.get(dividend).i64(divisor).op('i64.div_s');
  f.get(rest)
    .i64(divisor / 2n)
    .op('i64.ge_s')
    .op('i64.extend_i32_u')
    .op('i64.add');
  return f
    .get(rest)
    .i64(-divisor / 2n)
    .op('i64.le_s')
    .op('i64.extend_i32_u')
    .op('i64.sub');
}
