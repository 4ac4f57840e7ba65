import { isNumeric } from '../../types/data-type.ts';
import type { RowFormat } from './format.ts';
import { cellsOf } from './table.ts';

/** A table of GitHub Flavored Markdown (specification, section 4.10). */
export const writeMarkdown: RowFormat = async ({ schema, batches }, write) => {
  await write(`${row(schema.map((field) => field.name))}${row(schema.map((field) => (isNumeric(field.type) ? '---:' : '---')))}`);
  let rows = 0;
  for await (const batch of batches) {
    let text = '';
    for (const cells of cellsOf(batch)) text += row(cells);
    await write(text);
    rows += batch.length;
  }
  return rows;
};

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>')).join(' | ')} |\n`;
}
