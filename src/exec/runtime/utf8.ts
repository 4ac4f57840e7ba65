import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { type Routine, routine } from './routine.ts';

/** UTF-8 text by code points. A byte starts a code point unless its top bits are 10. */

/** Pushes 1 when the byte at the address starts a code point. */
function pushStarts(f: FunctionBuilder, address: Local): void {
  f.get(address).load('i32.load8_u').i32(0xc0).op('i32.and').i32(0x80).op('i32.ne');
}

/** (address, length) → number of code points. */
export const utf8Length: Routine = routine('utf8_length', ['i32', 'i32'], ['i32'], (f) => {
  const [address, length] = [f.param(0), f.param(1)];
  const end = f.local('i32');
  const count = f.local('i32');
  f.get(address).get(length).op('i32.add').set(end);
  f.block((done) => {
    f.loop((again) => {
      f.get(address).get(end).op('i32.ge_u').brIf(done);
      pushStarts(f, address);
      f.get(count).op('i32.add').set(count);
      f.get(address).i32(1).op('i32.add').set(address).br(again);
    });
  });
  f.get(count);
});

/** (address, length, n) → byte offset of code point n (from 0), the length when there are no more; 0 for n ≤ 0. */
export const utf8Offset: Routine = routine('utf8_offset', ['i32', 'i32', 'i32'], ['i32'], (f) => {
  const [address, length, n] = [f.param(0), f.param(1), f.param(2)];
  const at = f.local('i32');
  const end = f.local('i32');
  f.get(address).set(at).get(address).get(length).op('i32.add').set(end);
  f.get(n).i32(0).op('i32.le_s');
  f.ifThen(() => f.i32(0).return_());
  f.block((done) => {
    f.loop((again) => {
      f.get(at).get(end).op('i32.ge_u').brIf(done);
      pushStarts(f, at);
      f.ifThen(() => {
        f.get(n).i32(-1).op('i32.add').tee(n).i32(0).op('i32.lt_s').brIf(done);
      });
      f.get(at).i32(1).op('i32.add').set(at).br(again);
    });
  });
  f.get(at).get(address).op('i32.sub');
});

/** (address, length) → 1 when every byte is below 0x80. */
export const isAscii: Routine = routine('is_ascii', ['i32', 'i32'], ['i32'], (f) => {
  const [address, length] = [f.param(0), f.param(1)];
  const end = f.local('i32');
  const seen = f.local('i32');
  f.get(address).get(length).op('i32.add').set(end);
  f.block((done) => {
    f.loop((again) => {
      f.get(address).get(end).op('i32.ge_u').brIf(done);
      f.get(address).load('i32.load8_u').get(seen).op('i32.or').set(seen);
      f.get(address).i32(1).op('i32.add').set(address).br(again);
    });
  });
  f.get(seen).i32(0x80).op('i32.lt_u');
});

/** (from, length, to): copies ASCII text with letters of one case turned into the other. */
function asciiCase(name: string, first: string): Routine {
  return routine(name, ['i32', 'i32', 'i32'], [], (f) => {
    const [from, length, to] = [f.param(0), f.param(1), f.param(2)];
    const end = f.local('i32');
    const byte = f.local('i32');
    f.get(from).get(length).op('i32.add').set(end);
    f.block((done) => {
      f.loop((again) => {
        f.get(from).get(end).op('i32.ge_u').brIf(done);
        f.get(to);
        f.get(from).load('i32.load8_u').tee(byte);
        f.get(byte).i32(first.charCodeAt(0)).op('i32.sub').i32(26).op('i32.lt_u').i32(5).op('i32.shl').op('i32.xor');
        f.store('i32.store8');
        f.get(from).i32(1).op('i32.add').set(from);
        f.get(to).i32(1).op('i32.add').set(to).br(again);
      });
    });
  });
}

export const lowerAscii: Routine = asciiCase('lower_ascii', 'A');
export const upperAscii: Routine = asciiCase('upper_ascii', 'a');

/** (address, length, bytes, count, sides) → address, length without the leading (1) and trailing (2) characters among `bytes`, which are ASCII. */
export const trimAscii: Routine = routine('trim_ascii', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32', 'i32'], (f) => {
  const [address, length, set, count, sides] = [f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)];
  const i = f.local('i32');
  const found = f.local('i32');
  const end = f.local('i32');
  const byte = f.local('i32');
  f.get(address).get(length).op('i32.add').set(end);
  const findByte = (): void => {
    f.i32(0).set(i).i32(0).set(found);
    f.block((done) => {
      f.loop((again) => {
        f.get(i).get(count).op('i32.ge_u').brIf(done);
        f.get(set).get(i).op('i32.add').load('i32.load8_u').get(byte).op('i32.eq').get(found).op('i32.or').set(found);
        f.get(i).i32(1).op('i32.add').set(i).br(again);
      });
    });
    f.get(found);
  };
  f.get(sides).i32(1).op('i32.and');
  f.ifThen(() => {
    f.block((done) => {
      f.loop((again) => {
        f.get(address).get(end).op('i32.ge_u').brIf(done);
        f.get(address).load('i32.load8_u').set(byte);
        findByte();
        f.op('i32.eqz').brIf(done);
        f.get(address).i32(1).op('i32.add').set(address).br(again);
      });
    });
  });
  f.get(sides).i32(2).op('i32.and');
  f.ifThen(() => {
    f.block((done) => {
      f.loop((again) => {
        f.get(address).get(end).op('i32.ge_u').brIf(done);
        f.get(end).i32(1).op('i32.sub').load('i32.load8_u').set(byte);
        findByte();
        f.op('i32.eqz').brIf(done);
        f.get(end).i32(1).op('i32.sub').set(end).br(again);
      });
    });
  });
  f.get(address);
  f.get(end).get(address).op('i32.sub');
});
