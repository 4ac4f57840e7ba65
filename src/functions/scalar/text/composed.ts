import { assign, only, part, pushIsNull } from '../../../exec/expression/values.ts';
import { callText, pushParts, readerRoutine, textRoutine } from '../../../exec/runtime/text.ts';
import { INT32, TEXT } from '../../../types/data-type.ts';
import type { EmitContext, Emitter, ScalarDefinition, ScalarOverload, TypePattern, Value } from '../../definition.ts';
import { argument, byRoutine, byTextRoutine } from '../emitters.ts';
import { emitConcat } from './basic.ts';

/** Text functions whose work JavaScript does (`src/exec/runtime/js/text.ts`), and those that join texts. */

const toText = (): typeof TEXT => TEXT;

function byJavaScript(name: string, arguments_: readonly ('text' | 'int32')[]): ScalarOverload {
  const routine = textRoutine(
    name,
    arguments_.map((each) => (each === 'text' ? 'text' : 'i32')),
  );
  return { arguments: arguments_, returns: toText, neverRaises: true, emit: byTextRoutine(routine) };
}

/** A result that would be too long, or a field or character that does not exist. */
function raising(name: string, arguments_: readonly ('text' | 'int32')[], code: string, message: string): ScalarOverload {
  const routine = textRoutine(
    name,
    arguments_.map((each) => (each === 'text' ? 'text' : 'i32')),
  );
  return { arguments: arguments_, returns: toText, emit: byTextRoutine(routine, (context) => context.raise(code, message)) };
}

const TOO_LONG = ['54000', 'requested length too large'] as const;

function pad(name: 'lpad' | 'rpad'): readonly ScalarOverload[] {
  const full = raising(name, ['text', 'int32', 'text'], ...TOO_LONG);
  const bySpaces: Emitter = (context, arguments_, returns) =>
    full.emit(context, [...arguments_, context.textConstant(' ')], returns);
  return [{ arguments: ['text', 'int32'], returns: toText, emit: bySpaces }, full];
}

/** The texts of those arguments that are not NULL, one after the other, with a separator between if there is one. */
function emitJoin(context: EmitContext, separator: Value | null, arguments_: readonly Value[]): Value {
  const { f } = context;
  const result = context.newValue(TEXT);
  const started = f.local('i32');
  f.i32(0).set(part(result, 0)).i32(0).set(part(result, 1)).i32(0).set(started);
  for (const each of arguments_) {
    if (each.type.kind === 'null') continue;
    pushIsNull(f, each);
    f.op('i32.eqz');
    f.ifThen(() => {
      const plain = { ...each, isNull: null };
      if (separator === null) assign(f, result, emitConcat(context, [result, plain], TEXT));
      else {
        f.get(started);
        f.ifElse(
          () => assign(f, result, emitConcat(context, [result, separator, plain], TEXT)),
          () => assign(f, result, plain),
        );
      }
      f.i32(1).set(started);
    });
  }
  return result;
}

/** `||` is NULL when either side is; one side is text, the other becomes text. */
const concatenate: readonly ScalarOverload[] = (
  [
    ['text', 'text'],
    ['text', 'textual'],
    ['textual', 'text'],
  ] as const
).map((arguments_) => ({ arguments: arguments_, returns: toText, neverRaises: true, emit: emitConcat }));

const concat: ScalarOverload = {
  arguments: ['textual', 'textual'],
  variadic: true,
  returns: toText,
  nulls: 'called',
  emit: (context, arguments_) => emitJoin(context, null, arguments_),
};

const concatWithSeparator: ScalarOverload = {
  arguments: ['text', 'textual', 'textual'],
  variadic: true,
  returns: toText,
  nulls: 'called',
  mayReturnNull: true,
  emit: (context, arguments_) => {
    const [separator, ...rest] = arguments_;
    if (separator === undefined) throw new RangeError('concat_ws has a separator');
    return { ...emitJoin(context, { ...separator, isNull: null }, rest), isNull: separator.isNull };
  },
};

const ascii: ScalarOverload = {
  arguments: ['text'],
  returns: () => INT32,
  neverRaises: true,
  emit: byRoutine(readerRoutine('ascii', ['text'], ['i32'])),
};

const chrRoutine = textRoutine('chr', ['i32']);

const chr: ScalarOverload = {
  arguments: ['int32'],
  returns: toText,
  emit: (context, arguments_) => {
    const { f } = context;
    const code = only(argument(arguments_, 0));
    f.get(code).i32(0).op('i32.eq');
    f.ifThen(() => context.raise('54000', 'null character not permitted'));
    f.get(code).i32(0).op('i32.lt_s');
    f.ifThen(() => context.raise('22023', 'character number must be positive'));
    pushParts(context, arguments_);
    return callText(context, chrRoutine, () => context.raise('54000', 'requested character not valid for encoding'));
  },
};

const splitRoutine = textRoutine('split_part', ['text', 'text', 'i32']);

const splitPart: ScalarOverload = {
  arguments: ['text', 'text', 'int32'],
  returns: toText,
  emit: (context, arguments_) => {
    context.f.get(only(argument(arguments_, 2))).op('i32.eqz');
    context.f.ifThen(() => context.raise('22023', 'field position must not be zero'));
    return byTextRoutine(splitRoutine)(context, arguments_, TEXT);
  },
};

function overlay(arguments_: readonly TypePattern[], routineName: string): ScalarOverload {
  const routine = textRoutine(routineName, arguments_.length === 3 ? ['text', 'text', 'i32'] : ['text', 'text', 'i32', 'i32']);
  return {
    arguments: arguments_,
    returns: toText,
    emit: byTextRoutine(routine, (context) => context.raise('22011', 'negative substring length not allowed')),
  };
}

function one(name: string, summary: string, ...overloads: readonly ScalarOverload[]): ScalarDefinition {
  return { name, summary, overloads };
}

export const composedTextFunctions: readonly ScalarDefinition[] = [
  one('concatenate', 'a || b: NULL when either is', ...concatenate),
  one('concat', 'the texts one after the other, NULLs left out', concat),
  one('concat_ws', 'the texts that are not NULL with a separator between them', concatWithSeparator),
  one('replace', 'every occurrence of one text replaced by another', raising('replace', ['text', 'text', 'text'], ...TOO_LONG)),
  one('reverse', 'the characters in opposite order', byJavaScript('reverse', ['text'])),
  one('initcap', 'every word with a capital first letter', byJavaScript('initcap', ['text'])),
  one('translate', 'characters of one set replaced by those of another', byJavaScript('translate', ['text', 'text', 'text'])),
  one('md5', 'MD5 of the UTF-8 bytes, in hexadecimal', byJavaScript('md5', ['text'])),
  one('lpad', 'the text filled at the start, or cut, to a length', ...pad('lpad')),
  one('rpad', 'the text filled at the end, or cut, to a length', ...pad('rpad')),
  one('split_part', 'the n-th field of a separated text, from 1; from the end when n < 0', splitPart),
  one('ascii', 'code point of the first character', ascii),
  one('chr', 'the character of a code point', chr),
  one(
    'overlay',
    'the text with a part replaced',
    overlay(['text', 'text', 'int32'], 'overlay'),
    overlay(['text', 'text', 'int32', 'int32'], 'overlay_count'),
  ),
];
