import { compareBytes } from './bytes.ts';
import { type Routine, routine } from './routine.ts';

/** Membership in sorted constant sets, by binary search. */

/** (value, address of sorted int64, count) → 1 when the value is among them. */
export const searchInt64: Routine = routine('search_int64', ['i64', 'i32', 'i32'], ['i32'], (f) => {
  const [value, base, high] = [f.param(0), f.param(1), f.param(2)];
  const low = f.local('i32');
  const middle = f.local('i32');
  const found = f.local('i64');
  f.block((end) => {
    f.loop((again) => {
      f.get(low).get(high).op('i32.ge_u').brIf(end);
      f.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').tee(middle);
      f.i32(3).op('i32.shl').get(base).op('i32.add').load('i64.load').tee(found).get(value).op('i64.eq');
      f.ifThen(() => f.i32(1).return_());
      f.get(found).get(value).op('i64.lt_s');
      f.ifElse(
        () => f.get(middle).i32(1).op('i32.add').set(low),
        () => f.get(middle).set(high),
      );
      f.br(again);
    });
  });
  f.i32(0);
});

/** (address, length, table) → 1 when the text is in the table: a count, then (offset from the table, length) pairs in byte order. */
export const searchTexts: Routine = routine('search_texts', ['i32', 'i32', 'i32'], ['i32'], (f, runtime) => {
  const [address, length, table] = [f.param(0), f.param(1), f.param(2)];
  const low = f.local('i32');
  const high = f.local('i32');
  const middle = f.local('i32');
  const entry = f.local('i32');
  const order = f.local('i32');
  f.get(table).load('i32.load', 0, 0).set(high);
  f.block((end) => {
    f.loop((again) => {
      f.get(low).get(high).op('i32.ge_u').brIf(end);
      f.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').tee(middle);
      f.i32(3).op('i32.shl').get(table).op('i32.add').set(entry);
      f.get(address).get(length);
      f.get(entry).load('i32.load', 4, 0).get(table).op('i32.add');
      f.get(entry).load('i32.load', 8, 0);
      runtime.call(f, compareBytes);
      f.tee(order).op('i32.eqz');
      f.ifThen(() => f.i32(1).return_());
      f.get(order).i32(0).op('i32.gt_s');
      f.ifElse(
        () => f.get(middle).i32(1).op('i32.add').set(low),
        () => f.get(middle).set(high),
      );
      f.br(again);
    });
  });
  f.i32(0);
});
