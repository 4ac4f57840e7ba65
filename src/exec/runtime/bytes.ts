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
  // texts of one row that several joined rows carry along
  f.get(a).get(b).op('i32.eq');
  f.ifThen(() => f.i32(1).return_());
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

/** Pushes a v128 with a bit set in each lane whose byte at address + index equals the lane's byte of `wanted`. */
function pushLanesEqual(f: FunctionBuilder, address: Local, index: Local, wanted: Local): void {
  f.get(address).get(index).op('i32.add').load('v128.load', 0, 0).get(wanted).op('i8x16.eq');
}

/**
 * (text, length, needle, needle length, from) → byte offset of the first occurrence at or after `from`, or −1.
 *
 * Sixteen positions at a time are tried for the needle's first and last byte together (W. Muła's generic SIMD search); only
 * where both agree are the bytes between compared. The last positions, whose lanes would leave the text, go one by one.
 */
export const findBytes: Routine = routine('find_bytes', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32'], (f, runtime) => {
  const [text, length, needle, needleLength, from] = [f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)];
  const first = f.local('i32');
  const last = f.local('i32');
  const tail = f.local('i32');
  const end = f.local('i32');
  const lanes = f.local('i32');
  const at = f.local('i32');
  const firstLanes = f.local('v128');
  const lastLanes = f.local('v128');
  const returnIfHere = (position: Local): void => {
    f.get(text).get(position).op('i32.add').get(needle).get(needleLength);
    runtime.call(f, equalBytes);
    f.ifThen(() => f.get(position).return_());
  };
  f.get(needleLength).op('i32.eqz');
  f.ifThen(() => f.get(from).return_());
  f.get(length).get(needleLength).op('i32.sub').set(last);
  f.get(needle).load('i32.load8_u').set(first);
  // the last start whose sixteen needles still lie in the text
  f.get(last).i32(15).op('i32.sub').set(end);
  f.get(from).get(end).op('i32.le_s');
  f.ifThen(() => {
    f.get(text).get(needleLength).op('i32.add').i32(1).op('i32.sub').set(tail);
    f.get(first).op('i8x16.splat').set(firstLanes);
    f.get(needle).get(needleLength).op('i32.add').i32(1).op('i32.sub').load('i32.load8_u').op('i8x16.splat').set(lastLanes);
    f.loop((again) => {
      pushLanesEqual(f, text, from, firstLanes);
      pushLanesEqual(f, tail, from, lastLanes);
      f.op('v128.and').op('i8x16.bitmask').tee(lanes);
      f.ifThen(() => {
        f.loop((next) => {
          f.get(from).get(lanes).op('i32.ctz').op('i32.add').set(at);
          returnIfHere(at);
          f.get(lanes).get(lanes).i32(1).op('i32.sub').op('i32.and').tee(lanes).brIf(next);
        });
      });
      f.get(from).i32(16).op('i32.add').tee(from).get(end).op('i32.le_s').brIf(again);
    });
  });
  f.block((done) => {
    f.loop((again) => {
      f.get(from).get(last).op('i32.gt_s').brIf(done);
      pushByte(f, text, from);
      f.get(first).op('i32.eq');
      f.ifThen(() => returnIfHere(from));
      f.get(from).i32(1).op('i32.add').set(from).br(again);
    });
  });
  f.i32(-1);
});
