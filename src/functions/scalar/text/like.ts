import { only } from '../../../exec/expression/values.ts';
import { equalBytes, findBytes } from '../../../exec/runtime/bytes.ts';
import { codePoint, matchLike } from '../../../exec/runtime/like.ts';
import { utf8Length } from '../../../exec/runtime/utf8.ts';
import { BOOLEAN } from '../../../types/data-type.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, Emitter, ScalarDefinition, Value } from '../../definition.ts';
import { argument, textParts } from '../emitters.ts';
import { emitLower } from './basic.ts';

/**
 * LIKE: `%` is any text, `_` any one character, and the escape character (backslash unless given) makes the next one
 * plain. A constant pattern without `_` becomes comparisons and searches; any other runs through the general matcher.
 */

const DEFAULT_ESCAPE = '\\';

/** Texts between the `%`s; undefined when there is a `_`, or an escape without a character after it. */
function segmentsOf(pattern: string, escapeCharacter: string): readonly string[] | undefined {
  const segments = [''];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i] ?? '';
    if (character === escapeCharacter) {
      const escapedCharacter = characters[++i];
      if (escapedCharacter === undefined) return undefined;
      character = escapedCharacter;
    } else if (character === '_') return undefined;
    else if (character === '%') {
      segments.push('');
      continue;
    }
    segments[segments.length - 1] += character;
  }
  return segments;
}

function emitMatch(context: EmitContext, text: Value, pattern: Value, escapeValue: Value | undefined, fold: boolean): Value {
  const result = context.newValue(BOOLEAN);
  const constant = context.constantOf(1);
  const escapeText = escapeValue === undefined ? DEFAULT_ESCAPE : context.constantOf(2);
  if (typeof constant === 'string' && typeof escapeText === 'string' && [...escapeText].length <= 1) {
    const segments = segmentsOf(fold ? constant.toLowerCase() : constant, escapeText);
    if (segments !== undefined) {
      emitSegments(context, fold ? emitLower(context, text) : text, segments, only(result));
      return result;
    }
  }
  emitGeneral(
    context,
    fold ? emitLower(context, text) : text,
    fold ? emitLower(context, pattern) : pattern,
    escapeValue,
    only(result),
  );
  return result;
}

/** The first and last segment are anchored; those between are found one after the other, each as early as possible. */
function emitSegments(context: EmitContext, text: Value, segments: readonly string[], result: Local): void {
  const { f } = context;
  const encoder = new TextEncoder();
  const [address, length] = textParts(context, text);
  const pieces = segments.map((segment) => {
    const size = encoder.encode(segment).length;
    return { size, address: size === 0 ? null : context.constantBytes(encoder.encode(segment)) };
  });
  const prefix = pieces[0];
  const suffix = pieces.at(-1);
  if (prefix === undefined || suffix === undefined) throw new RangeError('a pattern has a segment');
  f.i32(0).set(result);
  f.block((failed) => {
    if (pieces.length === 1) {
      f.get(length).i32(prefix.size).op('i32.ne').brIf(failed);
    } else {
      const least = pieces.reduce((sum, piece) => sum + piece.size, 0);
      if (least > 0) f.get(length).i32(least).op('i32.lt_u').brIf(failed);
    }
    if (prefix.address !== null) {
      f.get(address).get(prefix.address).i32(prefix.size);
      context.call(equalBytes);
      f.op('i32.eqz').brIf(failed);
    }
    if (pieces.length > 1 && suffix.address !== null) {
      f.get(address).get(length).op('i32.add').i32(suffix.size).op('i32.sub').get(suffix.address).i32(suffix.size);
      context.call(equalBytes);
      f.op('i32.eqz').brIf(failed);
    }
    const middle = pieces.slice(1, -1).filter((piece) => piece.size > 0);
    if (middle.length > 0) {
      const from = f.local('i32');
      const end = f.local('i32');
      f.i32(prefix.size).set(from);
      f.get(length).i32(suffix.size).op('i32.sub').set(end);
      for (const piece of middle) {
        if (piece.address === null) continue;
        f.get(address).get(end).get(piece.address).i32(piece.size).get(from);
        context.call(findBytes);
        f.tee(from).i32(0).op('i32.lt_s').brIf(failed);
        f.get(from).i32(piece.size).op('i32.add').set(from);
      }
    }
    f.i32(1).set(result);
  });
}

function emitGeneral(context: EmitContext, text: Value, pattern: Value, escapeValue: Value | undefined, result: Local): void {
  const { f } = context;
  const escapeCode = f.local('i32');
  if (escapeValue === undefined) f.i32(DEFAULT_ESCAPE.charCodeAt(0)).set(escapeCode);
  else {
    const [address, length] = textParts(context, escapeValue);
    f.get(address).get(length);
    context.call(utf8Length);
    f.i32(1).op('i32.gt_u');
    f.ifThen(() => context.raise('22025', 'invalid escape string'));
    f.get(length);
    f.ifElse(
      () => {
        f.get(address);
        context.call(codePoint);
        f.op('drop').set(escapeCode);
      },
      () => f.i32(-1).set(escapeCode),
    );
  }
  const [address, length] = textParts(context, text);
  const [patternAddress, patternLength] = textParts(context, pattern);
  f.get(address).get(length).get(patternAddress).get(patternLength).get(escapeCode);
  context.call(matchLike);
  f.tee(result).i32(0).op('i32.lt_s');
  f.ifThen(() => context.raise('22025', 'LIKE pattern must not end with escape character'));
}

const emit =
  (fold: boolean): Emitter =>
  (context, arguments_) =>
    emitMatch(context, argument(arguments_, 0), argument(arguments_, 1), arguments_[2], fold);

function like(name: string, fold: boolean, summary: string): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [
      { arguments: ['text', 'text'], returns: () => BOOLEAN, neverRaises: true, emit: emit(fold) },
      { arguments: ['text', 'text', 'text'], returns: () => BOOLEAN, emit: emit(fold) },
    ],
  };
}

export const likeFunctions: readonly ScalarDefinition[] = [
  like('like', false, 'text LIKE pattern [ESCAPE character]'),
  like('ilike', true, 'text ILIKE pattern [ESCAPE character]: letters of either case match'),
];
