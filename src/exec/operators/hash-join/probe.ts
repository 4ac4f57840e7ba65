import type { BoundExpression } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import { NO_SPAN } from '../../../types/span.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitExpression } from '../../expression/emit.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import { emitHash } from '../../expression/hash.ts';
import { anyNull } from '../../expression/values.ts';
import type { PipelineBuilder, Row } from '../../pipeline/stream.ts';
import { HEADER } from './build.ts';
import { headerOffset, type JoinTable, loadDirectory, pushDistance, pushEqualKeys } from './directory.ts';
import type { Candidates } from './match.ts';

/** Emits the search for the records of a join table whose keys equal the row's. */
export function probe(
  pipeline: PipelineBuilder,
  row: Row,
  table: JoinTable,
  expressions: readonly BoundExpression[],
): Candidates {
  const { f } = pipeline;
  const { directory, keys, unique } = table;
  const { layout } = table.records;
  const code = loadDirectory(pipeline, directory);
  const record = f.local('i32');
  const values = expressions.map((expression) => emitExpression(row, expression));
  const missing = anyNull(
    f,
    values.filter((_, i) => keys[i]?.nullSafe !== true),
  );
  const hash = directory.type === 'hashed' ? emitHash(emitContextOf(row, NO_SPAN), values) : null;
  return {
    record,
    unique,
    single: unique && directory.type === 'direct',
    first() {
      f.i32(0).set(record);
      f.block((none) => {
        if (missing !== null) f.get(missing).brIf(none);
        if (hash !== null) f.get(hash).get(code.shift).op('i32.shr_u');
        else if (directory.type === 'direct') {
          const distance = f.local('i64');
          pushDistance(f, code, valueAt(values, 0));
          f.tee(distance).get(code.size).op('i64.ge_u').brIf(none);
          f.get(distance).op('i32.wrap_i64');
        } else f.i32(0);
        f.i32(2).op('i32.shl').get(code.table).op('i32.add').load('i32.load').set(record);
      });
    },
    check(skip) {
      if (directory.type !== 'hashed' || hash === null) return;
      f.get(record).load('i32.load', headerOffset(layout, HEADER.hash)).get(hash).op('i32.ne').brIf(skip);
      pushEqualKeys(pipeline, row.branch(), layout, keys, values, record);
      f.op('i32.eqz').brIf(skip);
    },
    next() {
      f.get(record).load('i32.load', headerOffset(layout, HEADER.next)).set(record);
    },
  };
}

/** The i32 that tells whether the row's compared key is NULL; null when it never is. */
export function keyIsNull(row: Row, expression: BoundExpression): Local | null {
  return emitExpression(row, expression).isNull;
}

function valueAt(values: readonly Value[], position: number): Value {
  const value = values[position];
  if (value === undefined) throw new RangeError(`there is no key ${position}`);
  return value;
}
