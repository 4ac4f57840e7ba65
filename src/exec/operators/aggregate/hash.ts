import type { Value } from '../../../functions/definition.ts';
import { INT32 } from '../../../types/data-type.ts';
import { NO_SPAN } from '../../../types/span.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import { emitHash } from '../../expression/hash.ts';
import type { Row } from '../../pipeline/stream.ts';

/** The hash of group keys. Keys of one dictionary are equal where their codes are, so the codes are hashed, not the texts. */
export function hashCodes(row: Row, keys: readonly Value[]): Local {
  return emitHash(emitContextOf(row, NO_SPAN), keys.map(asCode));
}

function asCode(value: Value): Value {
  if (value.dictionary === undefined) return value;
  return { type: INT32, locals: [value.dictionary.code], isNull: value.isNull, bounds: null };
}
