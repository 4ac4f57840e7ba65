import type { Value } from '../../../functions/definition.ts';
import { NO_SPAN } from '../../../types/span.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import { pushOrder } from '../../expression/compare.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import type { PipelineBuilder, Row } from '../../pipeline/stream.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { RecordKey } from './keys.ts';
import { pushRank, type Ranks } from './ranks.ts';

export interface CompareOptions {
  /** Keys before this one are known to be equal. */
  readonly from?: number;
  /** Offset of an int64 in the records that decides between rows with equal keys. */
  readonly sequence?: number | null;
}

/** `(a, b) -> −1, 0, 1`: the order of two records. */
export function compareRoutine(
  pipeline: PipelineBuilder,
  layout: RowLayout,
  keys: readonly RecordKey[],
  { from = 0, sequence = null }: CompareOptions,
): FunctionRef {
  return pipeline.routine('compare_records', ['i32', 'i32'], ['i32'], (routine) => {
    const { f } = routine;
    const [a, b] = [f.param(2), f.param(3)];
    for (const key of keys.slice(from)) {
      const left = rowCode.load(routine, key.field, layout, a);
      const right = rowCode.load(routine, key.field, layout, b);
      emitOrder(routine.rowOf(new Map()), key, left, right, () => f.return_());
    }
    if (sequence === null) f.i32(0);
    else {
      const [x, y] = [f.local('i64'), f.local('i64')];
      f.get(a).load('i64.load', sequence).set(x);
      f.get(b).load('i64.load', sequence).set(y);
      f.get(x).get(y).op('i64.gt_s').get(x).get(y).op('i64.lt_s').op('i32.sub');
    }
  });
}

/**
 * Emits the comparison of one key: when it decides, −1 or 1 is on the stack and `decided` takes it away for good; otherwise
 * the code behind runs.
 */
export function emitOrder(
  row: Row,
  key: Pick<RecordKey, 'descending' | 'nulls' | 'ranks'>,
  a: Value,
  b: Value,
  decided: () => void,
): void {
  const { f } = row;
  const order = f.local('i32');
  const compare = (): void => {
    pushValueOrder(row.branch(), a, b, key.ranks);
    f.tee(order);
    f.ifThen(() => {
      f.get(order);
      if (key.descending) f.i32(-1).op('i32.mul');
      decided();
    });
  };
  if (a.isNull === null && b.isNull === null) {
    compare();
    return;
  }
  const pushNull = (local: Local | null): void => void (local === null ? f.i32(0) : f.get(local));
  // NULLs stand together, on the side that the key says, whether it descends or not
  pushNull(a.isNull);
  pushNull(b.isNull);
  f.op('i32.sub').tee(order);
  f.ifThen(() => {
    f.get(order);
    if (key.nulls === 'first') f.i32(-1).op('i32.mul');
    decided();
  });
  pushNull(a.isNull);
  f.op('i32.eqz').ifThen(compare);
}

/** Leaves −1, 0 or 1; codes of one dictionary are compared by their ranks, or, when equal, not at all. */
function pushValueOrder(row: Row, a: Value, b: Value, ranks: Ranks | null): void {
  const { f } = row;
  const context = emitContextOf(row, NO_SPAN);
  if (a.type.kind === 'null') {
    f.i32(0);
    return;
  }
  const [x, y] = [a.dictionary, b.dictionary];
  if (x === undefined || y === undefined || x.dictionary.key !== y.dictionary.key) {
    pushOrder(context, a, b);
    return;
  }
  if (ranks !== null) {
    const [left, right] = [f.local('i32'), f.local('i32')];
    pushRank(row, ranks, x.code);
    f.set(left);
    pushRank(row, ranks, y.code);
    f.set(right);
    f.get(left).get(right).op('i32.gt_s').get(left).get(right).op('i32.lt_s').op('i32.sub');
    return;
  }
  f.get(x.code).get(y.code).op('i32.eq');
  f.ifElse(
    () => f.i32(0),
    () => pushOrder(context, a, b),
    'i32',
  );
}
