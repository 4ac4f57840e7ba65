import { buffer } from 'node:stream/consumers';
import { decodeUtf8 } from '../types/utf8.ts';

/** All of standard input. Throws 22021 where it is not UTF-8. */
export async function standardInput(): Promise<string> {
  return decodeUtf8(await buffer(process.stdin));
}
