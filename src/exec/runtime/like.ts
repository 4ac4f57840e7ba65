import { type Routine, routine } from './routine.ts';

/**
 * (text, length, pattern, length, escape) → 1 when the text matches the LIKE pattern, 0 when not, −1 when matching
 * comes to an escape character at the pattern's end. `escape` is the code point of the escape character, or −1 for none.
 *
 * One pass with one point of return: a `%` needs only the latest one to be retried, as everything before it matched.
 */
export const matchLike: Routine = routine('match_like', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32'], (f, runtime) => {
  const [text, length, pattern, patternLength, escapeCode] = [f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)];
  const textEnd = f.local('i32');
  const patternEnd = f.local('i32');
  const retryPattern = f.local('i32');
  const retryText = f.local('i32');
  const character = f.local('i32');
  const size = f.local('i32');
  const textSize = f.local('i32');
  const matched = f.local('i32');
  f.get(text).get(length).op('i32.add').set(textEnd);
  f.get(pattern).get(patternLength).op('i32.add').set(patternEnd);
  f.loop((again) => {
    f.i32(0).set(matched);
    f.get(pattern).get(patternEnd).op('i32.lt_u');
    f.ifElse(
      () => {
        f.get(pattern);
        runtime.call(f, codePoint);
        f.set(size).set(character);
        f.get(character).get(escapeCode).op('i32.eq');
        f.ifElse(
          () => {
            f.get(pattern).get(size).op('i32.add').tee(pattern).get(patternEnd).op('i32.ge_u');
            f.ifThen(() => f.i32(-1).i32(0).get(text).get(textEnd).op('i32.lt_u').select().return_());
            f.get(pattern);
            runtime.call(f, codePoint);
            f.set(size).set(character);
          },
          () => {
            f.get(character).i32('%'.charCodeAt(0)).op('i32.eq');
            f.ifThen(() => {
              f.get(pattern).i32(1).op('i32.add').tee(pattern).set(retryPattern);
              f.get(text).set(retryText);
              f.br(again);
            });
            // any one character
            f.get(character).i32('_'.charCodeAt(0)).op('i32.eq');
            f.ifThen(() => f.i32(-1).set(character));
          },
        );
        f.get(text).get(textEnd).op('i32.lt_u');
        f.ifThen(() => {
          const actual = f.local('i32');
          f.get(text);
          runtime.call(f, codePoint);
          f.set(textSize).set(actual);
          f.get(character).i32(-1).op('i32.eq').get(character).get(actual).op('i32.eq').op('i32.or').set(matched);
        });
        f.get(matched);
        f.ifThen(() => {
          f.get(pattern).get(size).op('i32.add').set(pattern);
          f.get(text).get(textSize).op('i32.add').set(text);
          f.br(again);
        });
      },
      () => {
        f.get(text).get(textEnd).op('i32.ge_u');
        f.ifThen(() => f.i32(1).return_());
      },
    );
    // back to the last %, which takes one character more
    f.get(retryPattern).op('i32.eqz').get(retryText).get(textEnd).op('i32.ge_u').op('i32.or');
    f.ifThen(() => f.i32(0).return_());
    f.get(retryText);
    runtime.call(f, codePoint);
    f.set(size).op('drop');
    f.get(retryText).get(size).op('i32.add').tee(retryText).set(text);
    f.get(retryPattern).set(pattern);
    f.br(again);
  });
  f.i32(0);
});

/** (address of valid UTF-8) → code point, its bytes. */
export const codePoint: Routine = routine('code_point', ['i32'], ['i32', 'i32'], (f) => {
  const address = f.param(0);
  const first = f.local('i32');
  const tail = (offset: number): void => void f.get(address).load('i32.load8_u', offset).i32(0x3f).op('i32.and');
  f.get(address).load('i32.load8_u').tee(first).i32(0x80).op('i32.lt_u');
  f.ifThen(() => f.get(first).i32(1).return_());
  f.get(first).i32(0xe0).op('i32.lt_u');
  f.ifThen(() => {
    f.get(first).i32(0x1f).op('i32.and').i32(6).op('i32.shl');
    tail(1);
    f.op('i32.or').i32(2).return_();
  });
  f.get(first).i32(0xf0).op('i32.lt_u');
  f.ifThen(() => {
    f.get(first).i32(0x0f).op('i32.and').i32(12).op('i32.shl');
    tail(1);
    f.i32(6).op('i32.shl').op('i32.or');
    tail(2);
    f.op('i32.or').i32(3).return_();
  });
  f.get(first).i32(0x07).op('i32.and').i32(18).op('i32.shl');
  tail(1);
  f.i32(12).op('i32.shl').op('i32.or');
  tail(2);
  f.i32(6).op('i32.shl').op('i32.or');
  tail(3);
  f.op('i32.or').i32(4);
});
