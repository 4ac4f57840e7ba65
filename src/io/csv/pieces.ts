import { createReadStream } from 'node:fs';
import { asLumaError, LumaError, SQLSTATE } from '../../types/error.ts';

const PIECE_BYTES = 1 << 20;
/** UTF-8's byte order mark, which spreadsheets put first. */
const BOM = [0xef, 0xbb, 0xbf] as const;

/** The bytes of a source, without a byte order mark. Throws 58030. */
export async function* pieces(source: AsyncIterable<Uint8Array> | string): AsyncGenerator<Uint8Array, void> {
  let first = true;
  try {
    for await (const piece of typeof source === 'string' ? createReadStream(source, { highWaterMark: PIECE_BYTES }) : source) {
      if (!(piece instanceof Uint8Array)) continue;
      yield first && BOM.every((byte, i) => piece[i] === byte) ? piece.subarray(BOM.length) : piece;
      first = false;
    }
  } catch (error) {
    if (error instanceof LumaError || typeof source !== 'string') throw error;
    throw new LumaError(SQLSTATE.ioError, `could not read "${source}": ${asLumaError(error).message}`, { cause: error });
  }
}
