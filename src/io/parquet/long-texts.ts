import duckdb from '@duckdb/node-bindings';
import { LumaError, SQLSTATE } from '../../types/error.ts';

/**
 * Texts that a DuckDB vector points to. Asking for each by itself costs a call and an object, many times what its bytes
 * cost. But those of a page of the file lie in order, with little between them: a run of texts with less than a memory page
 * between one and the next is asked for at once, which reads no byte of a memory page that none of them lies in. Those that
 * many rows point to, of a dictionary in the file, are asked for once.
 */

/** Bytes of a duckdb_string_t: its length, then the bytes themselves, or four of them and an address. */
export const STRING_BYTES = 16;
export const INLINE_BYTES = 12;
const ADDRESS = 8;
/** No platform has smaller memory pages. */
const PAGE_BYTES = 4096;

/** Copies the texts longer than INLINE_BYTES, of row `r` to `offsets[r]` in `values`. */
export function copyLongTexts(strings: DataView<ArrayBuffer>, offsets: Int32Array, values: Uint8Array): void {
  const rows = offsets.length - 1;
  const known = new Map<number, Uint8Array>();
  let run: Uint8Array = new Uint8Array(0);
  let [first, end] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const start = offsets[row] ?? 0;
    const length = (offsets[row + 1] ?? 0) - start;
    if (length <= INLINE_BYTES) continue;
    const address = addressOf(strings, row);
    if (address < first || address + length > end) {
      const alone = known.get(address);
      if (alone !== undefined) {
        copyBytes(alone, 0, values, start, length);
        continue;
      }
      [first, end] = [address, runEnd(strings, offsets, row)];
      run = duckdb.get_data_from_pointer(strings.buffer, strings.byteOffset + row * STRING_BYTES + ADDRESS, end - first);
      known.set(address, run);
    }
    copyBytes(run, address - first, values, start, length);
  }
}

/** Address behind the last text of the run that begins in the row. */
function runEnd(strings: DataView, offsets: Int32Array, row: number): number {
  let end = addressOf(strings, row);
  for (let next = row; next < offsets.length - 1; next++) {
    const length = (offsets[next + 1] ?? 0) - (offsets[next] ?? 0);
    if (length <= INLINE_BYTES) continue;
    const address = addressOf(strings, next);
    if (address < end || address >= end + PAGE_BYTES) break;
    end = address + length;
  }
  return end;
}

function addressOf(strings: DataView, row: number): number {
  const at = row * STRING_BYTES + ADDRESS;
  return strings.getUint32(at + 4, true) * 2 ** 32 + strings.getUint32(at, true);
}

/** Up to this many bytes a loop is faster than a call. */
const FEW_BYTES = 48;

export function copyBytes(from: Uint8Array, at: number, into: Uint8Array, start: number, length: number): void {
  if (length > FEW_BYTES) into.set(from.subarray(at, at + length), start);
  else for (let i = 0; i < length; i++) into[start + i] = from[at + i] ?? 0;
}

/** The bytes as a view of memory that is not shared, as DuckDB's is. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView<ArrayBuffer> {
  if (buffer instanceof ArrayBuffer) return new DataView(buffer, byteOffset, byteLength);
  throw new LumaError(SQLSTATE.internalError, 'DuckDB memory is not shared memory');
}
