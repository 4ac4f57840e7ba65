import { RecordBatchStreamWriter } from 'apache-arrow';
import { arrowTable } from '../../engine/results/arrow.ts';
import type { RowFormat } from './format.ts';

/** Arrow's IPC stream format. */
export const writeArrow: RowFormat = async ({ schema, batches }, write) => {
  const writer = new RecordBatchStreamWriter();
  let rows = 0;
  const bytes = writer.toUint8Array();
  let started = false;
  for await (const batch of batches) {
    writer.write(arrowTable(schema, [batch]));
    started = true;
    rows += batch.length;
  }
  if (!started) writer.write(arrowTable(schema, []));
  writer.close();
  await write(await bytes);
  return rows;
};
