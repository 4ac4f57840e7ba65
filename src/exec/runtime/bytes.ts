import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { type Routine, routine } from './routine.ts';

/** Byte strings: comparing and searching. Text is UTF-8, so the order of bytes is the order of code points. */

/** Pushes the byte at address + index. */
function pushByte(f: FunctionBuilder, address: Local, index: Local): void {
  f.get(address).get(index).op('i32.add').load('i32.load8_u');
}

/** (a, b, length) → 1 when the bytes are equal. */
export const equalBytes: Routine = routine('equal_bytes', ['i32', 'i32', 'i32'], ['i32'], (f) => {
  const [a, b, length] = [f.param(0), f.param(1), f.param(2)];
  const i = f.local('i32');
  f.get(length).i32(8).op('i32.ge_u');
  f.ifThen(() => {
    // eight at a time; the last eight overlap those before
    f.get(length).i32(8).op('i32.sub').set(length);
    f.block((end) => {
      f.loop((again) => {
        f.get(i).get(length).op('i32.ge_u').brIf(end);
        f.get(a).get(i).op('i32.add').load('i64.load', 0, 0);
        f.get(b).get(i).op('i32.add').load('i64.load', 0, 0).op('i64.ne');
        f.ifThen(() => f.i32(0).return_());
        f.get(i).i32(8).op('i32.add').set(i).br(again);
      });
    });
    f.get(a).get(length).op('i32.add').load('i64.load', 0, 0);
    f.get(b).get(length).op('i32.add').load('i64.load', 0, 0).op('i64.eq').return_();
  });
  f.block((end) => {
    f.loop((again) => {
      f.get(i).get(length).op('i32.ge_u').brIf(end);
      pushByte(f, a, i);
      pushByte(f, b, i);
      f.op('i32.ne');
      f.ifThen(() => f.i32(0).return_());
      f.get(i).i32(1).op('i32.add').set(i).br(again);
    });
  });
  f.i32(1);
});

/** (a, a length, b, b length) → −1, 0, 1: the order of the byte strings. */
export const compareBytes: Routine = routine('compare_bytes', ['i32', 'i32', 'i32', 'i32'], ['i32'], (f) => {
  const [a, aLength, b, bLength] = [f.param(0), f.param(1), f.param(2), f.param(3)];
  const i = f.local('i32');
  const x = f.local('i32');
  const y = f.local('i32');
  const common = f.local('i32');
  f.get(aLength).get(bLength).get(aLength).get(bLength).op('i32.lt_u').select().set(common);
  // whole words while they are equal, then byte by byte
  f.block((end) => {
    f.loop((again) => {
      f.get(i).i32(8).op('i32.add').get(common).op('i32.gt_u').brIf(end);
      f.get(a).get(i).op('i32.add').load('i64.load', 0, 0);
      f.get(b).get(i).op('i32.add').load('i64.load', 0, 0).op('i64.ne').brIf(end);
      f.get(i).i32(8).op('i32.add').set(i).br(again);
    });
  });
  f.block((end) => {
    f.loop((again) => {
      f.get(i).get(common).op('i32.ge_u').brIf(end);
      pushByte(f, a, i);
      f.set(x);
      pushByte(f, b, i);
      f.set(y);
      f.get(x).get(y).op('i32.ne');
      f.ifThen(() => f.get(x).get(y).op('i32.gt_u').get(x).get(y).op('i32.lt_u').op('i32.sub').return_());
      f.get(i).i32(1).op('i32.add').set(i).br(again);
    });
  });
  f.get(aLength).get(bLength).op('i32.gt_u').get(aLength).get(bLength).op('i32.lt_u').op('i32.sub');
});

/** (text, length, needle, needle length, from) → byte offset of the first occurrence at or after `from`, or −1. */
export const findBytes: Routine = routine('find_bytes', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32'], (f, runtime) => {
  const [text, length, needle, needleLength, from] = [f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)];
  const first = f.local('i32');
  const last = f.local('i32');
  f.get(needleLength).op('i32.eqz');
  f.ifThen(() => f.get(from).return_());
  f.get(length).get(needleLength).op('i32.sub').set(last);
  f.get(needle).load('i32.load8_u').set(first);
  f.block((end) => {
    f.loop((again) => {
      f.get(from).get(last).op('i32.gt_s').brIf(end);
      pushByte(f, text, from);
      f.get(first).op('i32.eq');
      f.ifThen(() => {
        f.get(text).get(from).op('i32.add').get(needle).get(needleLength);
        runtime.call(f, equalBytes);
        f.ifThen(() => f.get(from).return_());
      });
      f.get(from).i32(1).op('i32.add').set(from).br(again);
    });
  });
  f.i32(-1);
});
