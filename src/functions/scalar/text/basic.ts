import { checkWithin } from '../../../exec/expression/decimal.ts';
import { boundsOf, only, part } from '../../../exec/expression/values.ts';
import { findBytes } from '../../../exec/runtime/bytes.ts';
import type { Routine } from '../../../exec/runtime/routine.ts';
import { callText, textRoutine, textView } from '../../../exec/runtime/text.ts';
import { isAscii, lowerAscii, trimAscii, upperAscii, utf8Length, utf8Offset } from '../../../exec/runtime/utf8.ts';
import { BOOLEAN, INT32, TEXT } from '../../../types/data-type.ts';
import type { EmitContext, Emitter, ScalarDefinition, ScalarOverload, Value } from '../../definition.ts';
import { argument, byTextRoutine, textParts } from '../emitters.ts';

/** Text functions that run as WebAssembly; what they cut out of a text is a view of it, without a copy. */

const toText = (): typeof TEXT => TEXT;
const toInt = (): typeof INT32 => INT32;

function lengthOf(name: string, summary: string, push: (context: EmitContext, text: Value) => void): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [
      {
        arguments: ['text'],
        returns: toInt,
        neverRaises: true,
        emit: (context, arguments_) => {
          const result = context.newValue(INT32, { min: 0n, max: 2n ** 31n - 1n });
          push(context, argument(arguments_, 0));
          context.f.set(only(result));
          return result;
        },
      },
    ],
  };
}

function pushCharacters(context: EmitContext, text: Value): void {
  const [address, length] = textParts(context, text);
  context.f.get(address).get(length);
  context.call(utf8Length);
}

function pushBytes(context: EmitContext, text: Value): void {
  context.f.get(textParts(context, text)[1]);
}

/** ASCII by a loop over bytes, anything else by JavaScript's Unicode tables. */
function emitCase(name: 'lower' | 'upper', ascii: Routine): (context: EmitContext, text: Value) => Value {
  const unicode = textRoutine(name, ['text']);
  return (context, text) => {
    const { f } = context;
    const [address, length] = textParts(context, text);
    const result = context.newValue(TEXT);
    f.get(address).get(length);
    context.call(isAscii);
    f.ifElse(
      () => {
        const place = context.allocateText(length);
        f.get(address).get(length).get(place);
        context.call(ascii);
        f.get(place).set(part(result, 0)).get(length).set(part(result, 1));
      },
      () => {
        f.get(address).get(length);
        const changed = callText(context, unicode);
        f.get(part(changed, 0)).set(part(result, 0)).get(part(changed, 1)).set(part(result, 1));
      },
    );
    return result;
  };
}

export const emitLower = emitCase('lower', lowerAscii);
const emitUpper = emitCase('upper', upperAscii);

function changeCase(name: string, emit: (context: EmitContext, text: Value) => Value): ScalarDefinition {
  const overload: ScalarOverload = {
    arguments: ['text'],
    returns: toText,
    neverRaises: true,
    emit: (context, arguments_) => emit(context, argument(arguments_, 0)),
  };
  return { name, summary: `the text in ${name} case`, overloads: [overload] };
}

/**
 * substring(text, start[, count]): characters start … start + count − 1, counted from 1; what lies before the text is
 * counted and empty. A negative count is 22011.
 */
const emitSubstring: Emitter = (context, arguments_) => {
  const { f } = context;
  const text = argument(arguments_, 0);
  const [address, length] = textParts(context, text);
  const start = only(argument(arguments_, 1));
  const from = f.local('i32');
  const to = f.local('i32');
  // the position before the least int32 wraps to the greatest: stay below the text
  f.get(address).get(length).get(start).get(start).i32(0).op('i32.gt_s').op('i32.sub');
  context.call(utf8Offset);
  f.set(from);
  const count = arguments_[2];
  if (count === undefined) f.get(length).set(to);
  else {
    const end = f.local('i64');
    if (boundsOf(count).min < 0n) {
      f.get(only(count)).i32(0).op('i32.lt_s');
      f.ifThen(() => context.raise('22011', 'negative substring length not allowed'));
    }
    f.get(start).op('i64.extend_i32_s').get(only(count)).op('i64.extend_i32_s').op('i64.add').i64(1n).op('i64.sub').set(end);
    f.get(address).get(length);
    // at most 2^31 − 1 characters
    f.get(end)
      .op('i32.wrap_i64')
      .i32(2 ** 31 - 1)
      .get(end)
      .i64(2n ** 31n)
      .op('i64.lt_s')
      .select();
    context.call(utf8Offset);
    f.set(to);
    // an end before the start (both before the text) is empty
    f.get(to).get(from).get(to).get(from).op('i32.gt_s').select().set(to);
  }
  return textView(
    context,
    text,
    () => f.get(from),
    () => f.get(to).get(from).op('i32.sub'),
  );
};

/** left(text, n) and right(text, n): a negative n leaves out −n characters at the other end. */
function emitEnd(side: 'left' | 'right'): Emitter {
  return (context, arguments_) => {
    const { f } = context;
    const text = argument(arguments_, 0);
    const n = only(argument(arguments_, 1));
    const [address, length] = textParts(context, text);
    const cut = f.local('i32');
    const index = f.local('i32');
    f.get(address).get(length);
    if (side === 'left') {
      f.get(n).i32(0).op('i32.ge_s');
      f.ifElse(
        () => f.get(n).set(index),
        () => {
          pushCharacters(context, text);
          f.get(n).op('i32.add').set(index);
        },
      );
    } else {
      f.get(n).i32(0).op('i32.lt_s');
      f.ifElse(
        // the least int32 has no positive: it leaves out everything
        () =>
          f
            .i32(0)
            .get(n)
            .op('i32.sub')
            .i32(2 ** 31 - 1)
            .get(n)
            .i32(-(2 ** 31))
            .op('i32.ne')
            .select()
            .set(index),
        () => {
          pushCharacters(context, text);
          f.get(n).op('i32.sub').set(index);
        },
      );
    }
    f.get(index);
    context.call(utf8Offset);
    f.set(cut);
    if (side === 'left') {
      return textView(
        context,
        text,
        () => f.i32(0),
        () => f.get(cut),
      );
    }
    return textView(
      context,
      text,
      () => f.get(cut),
      () => f.get(length).get(cut).op('i32.sub'),
    );
  };
}

const SIDES = { ltrim: 1, rtrim: 2, btrim: 3 } as const;

/** Removes the characters of a set (a space unless given) from the ends. A set that is not ASCII goes to JavaScript. */
function trim(name: keyof typeof SIDES): ScalarDefinition {
  const unicode = textRoutine(name, ['text', 'text']);
  const emitAscii = (context: EmitContext, text: Value, set: Value): Value => {
    const { f } = context;
    const result = context.newValue(TEXT);
    const [address, length] = textParts(context, text);
    const [bytes, count] = textParts(context, set);
    f.get(address).get(length).get(bytes).get(count).i32(SIDES[name]);
    context.call(trimAscii);
    f.set(part(result, 1)).set(part(result, 0));
    return result;
  };
  const emitSet: Emitter = (context, arguments_) => {
    const { f } = context;
    const [text, set] = [argument(arguments_, 0), argument(arguments_, 1)];
    const constant = context.constantOf(1);
    if (typeof constant === 'string' && [...constant].every((character) => character < '\x80')) {
      return emitAscii(context, text, set);
    }
    const result = context.newValue(TEXT);
    const keep = (value: Value): void => {
      f.get(part(value, 0)).set(part(result, 0)).get(part(value, 1)).set(part(result, 1));
    };
    const [bytes, count] = textParts(context, set);
    f.get(bytes).get(count);
    context.call(isAscii);
    f.ifElse(
      () => keep(emitAscii(context, text, set)),
      () => keep(byTextRoutine(unicode)(context, arguments_, TEXT)),
    );
    return result;
  };
  const side = { ltrim: 'the start', rtrim: 'the end', btrim: 'both ends' }[name];
  return {
    name,
    summary: `the text without the given characters (a space) at ${side}`,
    overloads: [
      {
        arguments: ['text'],
        returns: toText,
        neverRaises: true,
        emit: (context, arguments_) => emitAscii(context, argument(arguments_, 0), context.textConstant(' ')),
      },
      { arguments: ['text', 'text'], returns: toText, neverRaises: true, emit: emitSet },
    ],
  };
}

/** Pushes the byte offset of the part in the text, or −1. */
function pushFind(context: EmitContext, text: Value, part_: Value): void {
  const [address, length] = textParts(context, text);
  const [needle, needleLength] = textParts(context, part_);
  context.f.get(address).get(length).get(needle).get(needleLength).i32(0);
  context.call(findBytes);
}

const strpos: ScalarOverload = {
  arguments: ['text', 'text'],
  returns: toInt,
  neverRaises: true,
  emit: (context, arguments_) => {
    const { f } = context;
    const text = argument(arguments_, 0);
    const [address] = textParts(context, text);
    const offset = f.local('i32');
    const result = context.newValue(INT32, { min: 0n, max: 2n ** 31n - 1n });
    pushFind(context, text, argument(arguments_, 1));
    f.tee(offset).i32(0).op('i32.lt_s');
    f.ifElse(
      () => f.i32(0).set(only(result)),
      () => {
        f.get(address).get(offset);
        context.call(utf8Length);
        f.i32(1).op('i32.add').set(only(result));
      },
    );
    return result;
  },
};

/** `startsWith` compares only the beginning: a search would read on. */
const startsWith: ScalarOverload = {
  arguments: ['text', 'text'],
  returns: () => BOOLEAN,
  neverRaises: true,
  emit: (context, arguments_) => {
    const { f } = context;
    const [address, length] = textParts(context, argument(arguments_, 0));
    const [prefix, prefixLength] = textParts(context, argument(arguments_, 1));
    const result = context.newValue(BOOLEAN);
    f.get(length).get(prefixLength).op('i32.ge_u');
    f.ifElse(
      () => {
        f.get(address).get(prefixLength).get(prefix).get(prefixLength).i32(0);
        context.call(findBytes);
        f.op('i32.eqz').set(only(result));
      },
      () => f.i32(0).set(only(result)),
    );
    return result;
  },
};

/** Bytes of one text after those of another; beyond 1 GiB is 54000. */
export const emitConcat: Emitter = (context, arguments_) => {
  const { f } = context;
  const pieces = arguments_.map((each) => textParts(context, each));
  const total = f.local('i64');
  f.i64(0n);
  for (const [, length] of pieces) f.get(length).op('i64.extend_i32_u').op('i64.add');
  f.set(total);
  checkLength(context, { type: { kind: 'int64' }, locals: [total], isNull: null, bounds: null });
  const result = context.newValue(TEXT);
  f.get(total).op('i32.wrap_i64').set(part(result, 1));
  f.get(context.allocateText(part(result, 1))).set(part(result, 0));
  const at = f.local('i32');
  f.get(part(result, 0)).set(at);
  for (const [address, length] of pieces) {
    f.get(at).get(address).get(length).memoryCopy();
    f.get(at).get(length).op('i32.add').set(at);
  }
  return result;
};

/** PostgreSQL's limit of a text. */
const MAX_TEXT = 2n ** 30n - 1n;

export function checkLength(context: EmitContext, bytes: Value): void {
  checkWithin(context, bytes, { min: -(2n ** 63n), max: MAX_TEXT }, 'requested length too large', '54000');
}

const repeat: ScalarOverload = {
  arguments: ['text', 'int32'],
  returns: toText,
  emit: (context, arguments_) => {
    const { f } = context;
    const [address, length] = textParts(context, argument(arguments_, 0));
    const times = only(argument(arguments_, 1));
    const total = f.local('i64');
    f.get(length).op('i64.extend_i32_u').get(times).i32(0).get(times).i32(0).op('i32.gt_s').select();
    f.op('i64.extend_i32_s').op('i64.mul').set(total);
    checkLength(context, { type: { kind: 'int64' }, locals: [total], isNull: null, bounds: null });
    const result = context.newValue(TEXT);
    f.get(total).op('i32.wrap_i64').set(part(result, 1));
    f.get(context.allocateText(part(result, 1))).set(part(result, 0));
    const at = f.local('i32');
    f.i32(0).set(at);
    f.block((done) => {
      f.loop((again) => {
        f.get(at).get(part(result, 1)).op('i32.ge_u').brIf(done);
        f.get(part(result, 0)).get(at).op('i32.add').get(address).get(length).memoryCopy();
        f.get(at).get(length).op('i32.add').set(at).br(again);
      });
    });
    return result;
  },
};

const substring: readonly ScalarOverload[] = [
  { arguments: ['text', 'int32'], returns: toText, neverRaises: true, emit: emitSubstring },
  { arguments: ['text', 'int32', 'int32'], returns: toText, emit: emitSubstring },
];

export const basicTextFunctions: readonly ScalarDefinition[] = [
  lengthOf('length', 'number of characters', pushCharacters),
  lengthOf('octet_length', 'number of bytes in UTF-8', pushBytes),
  lengthOf('bit_length', 'number of bits in UTF-8', (context, text) => {
    pushBytes(context, text);
    context.f.i32(3).op('i32.shl');
  }),
  changeCase('lower', emitLower),
  changeCase('upper', emitUpper),
  { name: 'substring', summary: 'characters from a position, counted from 1', overloads: substring },
  {
    name: 'left',
    summary: 'the first n characters, or all but the last -n',
    overloads: [{ arguments: ['text', 'int32'], returns: toText, neverRaises: true, emit: emitEnd('left') }],
  },
  {
    name: 'right',
    summary: 'the last n characters, or all but the first -n',
    overloads: [{ arguments: ['text', 'int32'], returns: toText, neverRaises: true, emit: emitEnd('right') }],
  },
  trim('ltrim'),
  trim('rtrim'),
  trim('btrim'),
  { name: 'strpos', summary: 'position of a part in the text, from 1; 0 when it is not there', overloads: [strpos] },
  { name: 'starts_with', summary: 'whether the text begins with the prefix', overloads: [startsWith] },
  { name: 'repeat', summary: 'the text n times', overloads: [repeat] },
];
