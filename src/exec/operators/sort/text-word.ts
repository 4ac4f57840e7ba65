import type { Value } from '../../../functions/definition.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { part, textOf } from '../../expression/values.ts';
import type { Row } from '../../pipeline/stream.ts';
import { type Routine, routine } from '../../runtime/routine.ts';

/** Pushes the four bytes of a text from byte `offset` on as a uint32, the first one uppermost; 0 behind the end. */
export function pushTextWord(row: Row, value: Value, offset: Local): void {
  const { f } = row;
  const text = textOf(f, value);
  f.get(part(text, 0)).get(part(text, 1)).get(offset);
  row.runtime.call(f, textWord);
}

/** `(address, length, offset)` → the word. */
const textWord: Routine = routine('text_word', ['i32', 'i32', 'i32'], ['i32'], (f) => {
  const [address, length, offset] = [f.param(0), f.param(1), f.param(2)];
  const [word, i] = [f.local('i32'), f.local('i32')];
  f.get(address).get(offset).op('i32.add').set(address);
  f.get(length).get(offset).op('i32.sub').tee(length).i32(4).op('i32.ge_s');
  f.ifThen(() => {
    f.get(address).load('i32.load', 0, 0).set(word);
    f.get(word).i32(8).op('i32.rotl').i32(0x00ff00ff).op('i32.and');
    f.get(word).i32(24).op('i32.rotl').i32(0xff00ff00).op('i32.and').op('i32.or').return_();
  });
  f.block((end) => {
    f.loop((next) => {
      f.get(i).i32(4).op('i32.eq').brIf(end);
      f.get(word).i32(8).op('i32.shl').set(word);
      f.get(i).get(length).op('i32.lt_s');
      f.ifThen(() => f.get(word).get(address).get(i).op('i32.add').load('i32.load8_u').op('i32.or').set(word));
      f.get(i).i32(1).op('i32.add').set(i).br(next);
    });
  });
  f.get(word);
});
