import { only, part } from '../../../exec/expression/values.ts';
import { NO_MATCH } from '../../../exec/runtime/js/regex.ts';
import type { Routine } from '../../../exec/runtime/routine.ts';
import { callText, pushParts, readerRoutine, textRoutine } from '../../../exec/runtime/text.ts';
import { BOOLEAN, TEXT } from '../../../types/data-type.ts';
import type { EmitContext, Emitter, ScalarDefinition, Value } from '../../definition.ts';
import { argument } from '../emitters.ts';

/** Regular expressions, on JavaScript's engine (`src/exec/runtime/js/regex.ts`). */

const INVALID_PATTERN = '2201B';

const fullMatch = readerRoutine('regex_full_match', ['text', 'text'], ['i32']);
const regexLike = readerRoutine('regex_like', ['text', 'text', 'text'], ['i32']);
const regexReplace = textRoutine('regex_replace', ['text', 'text', 'text', 'text']);
const regexSubstr = textRoutine('regex_substr', ['text', 'text']);

function raiseInvalid(context: EmitContext, pattern: Value): void {
  context.raise(INVALID_PATTERN, 'invalid regular expression: %', pattern);
}

function test(routine: Routine, arguments_: (context: EmitContext, given: readonly Value[]) => readonly Value[]): Emitter {
  return (context, given) => {
    const { f } = context;
    const result = context.newValue(BOOLEAN);
    pushParts(context, arguments_(context, given));
    context.call(routine);
    f.tee(only(result)).i32(0).op('i32.lt_s');
    f.ifThen(() => raiseInvalid(context, argument(given, 1)));
    return result;
  };
}

const withoutFlags =
  (count: number) =>
  (context: EmitContext, given: readonly Value[]): readonly Value[] =>
    given.length < count ? [...given, context.textConstant('')] : given;

const emitReplace: Emitter = (context, given) => {
  pushParts(context, withoutFlags(4)(context, given));
  return callText(context, regexReplace, () => raiseInvalid(context, argument(given, 1)));
};

/** NULL when nothing matches. */
const emitSubstring: Emitter = (context, given) => {
  const { f } = context;
  const length = f.local('i32');
  const isNull = f.local('i32');
  const result = context.newValue(TEXT);
  pushParts(context, given);
  context.call(regexSubstr);
  f.tee(length).i32(NO_MATCH).op('i32.eq').tee(isNull).op('i32.eqz');
  f.ifThen(() => {
    f.get(length).i32(0).op('i32.lt_s');
    f.ifThen(() => raiseInvalid(context, argument(given, 1)));
    pushParts(context, given);
    const found = callText(context, regexSubstr);
    f.get(part(found, 0)).set(part(result, 0)).get(part(found, 1)).set(part(result, 1));
  });
  return { ...result, isNull };
};

const toBoolean = (): typeof BOOLEAN => BOOLEAN;
const toText = (): typeof TEXT => TEXT;

export const regexFunctions: readonly ScalarDefinition[] = [
  {
    name: 'regexp_full_match',
    summary: 'whether the whole text matches the pattern, in RE2 syntax; a dot matches newlines',
    overloads: [
      { arguments: ['text', 'text'], returns: toBoolean, neverRaises: true, emit: test(fullMatch, (_, given) => given) },
    ],
  },
  {
    name: 'regexp_like',
    summary: 'whether some part of the text matches the pattern',
    overloads: [
      { arguments: ['text', 'text'], returns: toBoolean, neverRaises: true, emit: test(regexLike, withoutFlags(3)) },
      { arguments: ['text', 'text', 'text'], returns: toBoolean, neverRaises: true, emit: test(regexLike, withoutFlags(3)) },
    ],
  },
  {
    name: 'regexp_replace',
    summary: 'the first match (all of them with flag g) replaced; \\1 to \\9 and \\& stand for parts of the match',
    overloads: [
      { arguments: ['text', 'text', 'text'], returns: toText, emit: emitReplace },
      { arguments: ['text', 'text', 'text', 'text'], returns: toText, emit: emitReplace },
    ],
  },
  {
    name: 'regexp_substr',
    summary: 'the first match; NULL when nothing matches',
    overloads: [{ arguments: ['text', 'text'], returns: toText, mayReturnNull: true, emit: emitSubstring }],
  },
];
