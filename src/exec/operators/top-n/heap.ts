import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';

/**
 * A binary heap of record addresses (uint32) whose root is the record that comes last in the order: the first to go.
 */

/** Emits the rise of the entry at place `at`, the last one, to where no parent comes before it. */
export function emitSiftUp(pipeline: PipelineBuilder, heap: Local, at: Local, compare: FunctionRef): void {
  const { f, shared, local } = pipeline;
  const [parent, record, above] = [f.local('i32'), f.local('i32'), f.local('i32')];
  pushEntry(pipeline, heap, at);
  f.set(record);
  f.block((placed) => {
    f.loop((rise) => {
      f.get(at).op('i32.eqz').brIf(placed);
      f.get(at).i32(1).op('i32.sub').i32(1).op('i32.shr_u').set(parent);
      pushEntry(pipeline, heap, parent);
      f.set(above);
      f.get(shared).get(local).get(record).get(above).call(compare).i32(0).op('i32.le_s').brIf(placed);
      pushPlace(pipeline, heap, at);
      f.get(above).store('i32.store');
      f.get(parent).set(at).br(rise);
    });
  });
  pushPlace(pipeline, heap, at);
  f.get(record).store('i32.store');
}

/** Emits the fall of the root, which has changed, to where no child comes after it. */
export function emitSiftDown(pipeline: PipelineBuilder, heap: Local, count: Local, compare: FunctionRef): void {
  const { f, shared, local } = pipeline;
  const [at, child, sibling] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [record, below, other] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.i32(0).set(at);
  pushEntry(pipeline, heap, at);
  f.set(record);
  f.block((placed) => {
    f.loop((fall) => {
      f.get(at).i32(1).op('i32.shl').i32(1).op('i32.add').tee(child).get(count).op('i32.ge_u').brIf(placed);
      pushEntry(pipeline, heap, child);
      f.set(below);
      f.get(child).i32(1).op('i32.add').tee(sibling).get(count).op('i32.lt_u');
      f.ifThen(() => {
        pushEntry(pipeline, heap, sibling);
        f.set(other);
        f.get(shared).get(local).get(other).get(below).call(compare).i32(0).op('i32.gt_s');
        f.ifThen(() => f.get(sibling).set(child).get(other).set(below));
      });
      f.get(shared).get(local).get(below).get(record).call(compare).i32(0).op('i32.le_s').brIf(placed);
      pushPlace(pipeline, heap, at);
      f.get(below).store('i32.store');
      f.get(child).set(at).br(fall);
    });
  });
  pushPlace(pipeline, heap, at);
  f.get(record).store('i32.store');
}

function pushPlace({ f }: PipelineBuilder, heap: Local, at: Local): void {
  f.get(heap).get(at).i32(2).op('i32.shl').op('i32.add');
}

function pushEntry(pipeline: PipelineBuilder, heap: Local, at: Local): void {
  pushPlace(pipeline, heap, at);
  pipeline.f.load('i32.load');
}
