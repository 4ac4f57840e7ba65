import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { describeKey } from './keys.ts';

/**
 * Every stored value: format version, flags, checksum, length before compression, then the payload. The checksum covers
 * all other bytes and the key, so that a value in the wrong place is noticed too.
 */
const VERSION = 1;
const COMPRESSED = 1;
const HEADER = 12;
/** Compressing less than this does not pay for the call. */
const COMPRESS_FROM = 4096;
/** Level 1 is several times as fast as the default, for a few per cent. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function frame(key: Uint8Array, payload: Uint8Array): Uint8Array {
  let body: Uint8Array = payload;
  let flags = 0;
  if (payload.length >= COMPRESS_FROM) {
    const compressed = zstdCompressSync(payload, ZSTD);
    if (compressed.length < payload.length * 0.9) {
      body = compressed;
      flags = COMPRESSED;
    }
  }
  const framed = new Uint8Array(HEADER + body.length);
  const view = new DataView(framed.buffer);
  framed[0] = VERSION;
  framed[1] = flags;
  view.setUint32(8, payload.length, true);
  framed.set(body, HEADER);
  view.setUint32(4, checksum(key, framed), true);
  return framed;
}

/** The payload, aligned to 8 bytes. Throws XX001 naming the key. */
export function unframe(key: Uint8Array, framed: Uint8Array | undefined): Uint8Array {
  if (framed === undefined) throw corrupt(key, 'it is missing');
  if (framed.length < HEADER) throw corrupt(key, `it has ${framed.length} bytes`);
  if (framed[0] !== VERSION) throw corrupt(key, `its format is ${framed[0]}, this program knows ${VERSION}`);
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  if (view.getUint32(4, true) !== checksum(key, framed)) throw corrupt(key, 'its checksum is wrong');
  const body = framed.subarray(HEADER);
  const payload = framed[1] === COMPRESSED ? zstdDecompressSync(body) : body;
  if (payload.length !== view.getUint32(8, true)) throw corrupt(key, 'its length is wrong');
  return payload.byteOffset % 8 === 0 ? payload : new Uint8Array(payload);
}

export function corrupt(key: Uint8Array, why: string): LumaError {
  return new LumaError(SQLSTATE.dataCorrupted, `the database is damaged at ${describeKey(key)}: ${why}`, {
    hint: 'restore the directory from a backup; no row was dropped silently',
  });
}

function checksum(key: Uint8Array, framed: Uint8Array): number {
  const head = crc32(framed.subarray(0, 4), crc32(key));
  return crc32(framed.subarray(8), head);
}
