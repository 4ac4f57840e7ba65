import { isUtf8 } from 'node:buffer';
import { LumaError, SQLSTATE } from './error.ts';

/**
 * What a client sent as text. Throws 22021 where it is not UTF-8 or has a zero byte, naming the bytes as PostgreSQL does
 * (report_invalid_encoding, src/backend/utils/mb/mbutils.c).
 */
export function decodeUtf8(bytes: Buffer): string {
  const text = bytes.toString();
  const zero = text.includes('\0');
  if (!zero && (!text.includes('\ufffd') || isUtf8(bytes))) return text;
  let at = 0;
  while (bytes[at] !== 0 && isUtf8(bytes.subarray(at, at + widthAt(bytes, at)))) at += widthAt(bytes, at);
  const shown = [...bytes.subarray(at, at + widthAt(bytes, at))].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  throw new LumaError(SQLSTATE.characterNotInRepertoire, `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`, {
    hint: zero ? 'Text has no zero bytes.' : 'Text is read as UTF-8, whatever client_encoding is.',
  });
}

/** The bytes of the character that begins here, by its first byte (RFC 3629, section 3; pg_utf_mblen). */
function widthAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0xc0 || first >= 0xf8) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
