import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { type Routine, routine } from './routine.ts';

const MULTIPLIER = -0x61c8864680b583ebn;

/** Folds the i64 on the stack into the running hash: xor, multiply, fold the upper half down. */
function absorb(f: FunctionBuilder, hash: Local): void {
  f.get(hash).op('i64.xor').i64(MULTIPLIER).op('i64.mul').tee(hash);
  f.get(hash).i64(32n).op('i64.shr_u').op('i64.xor').set(hash);
}

/**
 * (address, length) → hash of the bytes. Eight at a time; the last word overlaps the one before, so nothing outside is
 * read. Short strings are packed into one word.
 */
export const hashBytes: Routine = routine('hash_bytes', ['i32', 'i32'], ['i32'], (f) => {
  const [address, length] = [f.param(0), f.param(1)];
  const hash = f.local('i64');
  const end = f.local('i32');
  const byte = (push: () => void): void => {
    push();
    f.load('i64.load8_u');
  };
  f.get(length).op('i64.extend_i32_u').i64(MULTIPLIER).op('i64.mul').set(hash);
  f.get(address).get(length).op('i32.add').set(end);
  f.get(length).i32(8).op('i32.ge_u');
  f.ifElse(
    () => {
      f.get(end).i32(8).op('i32.sub').set(end);
      f.block((done) => {
        f.loop((again) => {
          f.get(address).get(end).op('i32.ge_u').brIf(done);
          f.get(address).load('i64.load', 0, 0);
          absorb(f, hash);
          f.get(address).i32(8).op('i32.add').set(address).br(again);
        });
      });
      f.get(end).load('i64.load', 0, 0);
      absorb(f, hash);
    },
    () => {
      f.get(length).i32(4).op('i32.ge_u');
      f.ifElse(
        () => {
          f.get(address).load('i64.load32_u', 0, 0).i64(32n).op('i64.shl');
          f.get(end).i32(4).op('i32.sub').load('i64.load32_u', 0, 0).op('i64.or');
          absorb(f, hash);
        },
        () => {
          f.get(length);
          f.ifThen(() => {
            byte(() => f.get(address));
            f.i64(16n).op('i64.shl');
            byte(() => f.get(address).get(length).i32(1).op('i32.shr_u').op('i32.add'));
            f.i64(8n).op('i64.shl').op('i64.or');
            byte(() => f.get(end).i32(1).op('i32.sub'));
            f.op('i64.or');
            absorb(f, hash);
          });
        },
      );
    },
  );
  f.get(hash).i64(MULTIPLIER).op('i64.mul').i64(32n).op('i64.shr_u').get(hash).op('i64.xor').op('i32.wrap_i64');
});
