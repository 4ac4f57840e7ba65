import { createReadStream } from 'node:fs';
import { asLumaError, LumaError, SQLSTATE } from '../types/error.ts';

const PIECE_BYTES = 1 << 20;
/** UTF-8's byte order mark, which spreadsheets put first. */
const BOM = [0xef, 0xbb, 0xbf] as const;

/** The bytes of a source, without a byte order mark. Throws 58030. */
export async function* pieces(source: AsyncIterable<Uint8Array> | string): AsyncGenerator<Uint8Array, void> {
  let beginning: Uint8Array | null = new Uint8Array(0);
  try {
    for await (const piece of typeof source === 'string' ? createReadStream(source, { highWaterMark: PIECE_BYTES }) : source) {
      if (!(piece instanceof Uint8Array)) continue;
      if (beginning === null) {
        yield piece;
        continue;
      }
      beginning = Buffer.concat([beginning, piece]);
      if (beginning.length < BOM.length) continue;
      yield withoutBom(beginning);
      beginning = null;
    }
    if (beginning !== null) yield beginning;
  } catch (error) {
    if (error instanceof LumaError || typeof source !== 'string') throw error;
    throw new LumaError(SQLSTATE.ioError, `could not read "${source}": ${asLumaError(error).message}`, { cause: error });
  }
}

function withoutBom(bytes: Uint8Array): Uint8Array {
  return BOM.every((byte, i) => bytes[i] === byte) ? bytes.subarray(BOM.length) : bytes;
}
