import { writeCsv } from '../../io/csv.ts';
import type { RowFormat } from './format.ts';

/** RFC 4180 with a header line and `\n` line ends; NULL is empty, an empty text is quoted. */
export const writeCsvRows: RowFormat = async ({ schema, batches }, write) => {
  let rows = 0;
  async function* counted() {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch;
    }
  }
  for await (const chunk of writeCsv(counted(), schema, { header: true })) await write(chunk);
  return rows;
};
