import { AsyncByteQueue, RecordBatchStreamWriter } from 'apache-arrow';
import { arrowTable } from '../../engine/results/arrow.ts';
import type { Batch, Vector } from '../../types/vector.ts';
import { vectorOf } from '../../types/vector-build.ts';
import { readValues } from '../../types/vector-read.ts';
import type { RowFormat, Write } from './format.ts';

/** Arrow's IPC stream format, batch by batch. */
export const writeArrow: RowFormat = async ({ schema, batches }, write) => {
  const pieces = new Pieces();
  const writer = new RecordBatchStreamWriter();
  writer.reset(pieces);
  let rows = 0;
  writer.write(arrowTable(schema, []));
  for await (const batch of batches) {
    writer.write(arrowTable(schema, [plain(batch)]));
    await pieces.moveTo(write);
    rows += batch.length;
  }
  writer.finish();
  await pieces.moveTo(write);
  return rows;
};

/** What the writer has written and nobody has taken. */
class Pieces extends AsyncByteQueue {
  #written: Uint8Array[] = [];

  override write(piece: ArrayBufferLike | ArrayBufferView): void {
    // Copied, because the rows' memory is used again before the receiver has them.
    const bytes = ArrayBuffer.isView(piece)
      ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
      : new Uint8Array(piece);
    if (bytes.length > 0) this.#written.push(Uint8Array.from(bytes));
  }

  async moveTo(write: Write): Promise<void> {
    const written = this.#written;
    this.#written = [];
    for (const piece of written) await write(piece);
  }
}

/** A stream has one schema, and only some batches of a text column may be dictionary-coded: here none is. */
function plain(batch: Batch): Batch {
  return { length: batch.length, columns: batch.columns.map(decoded) };
}

function decoded(vector: Vector): Vector {
  return vector.dictionary === null ? vector : vectorOf(vector.type, readValues(vector));
}
