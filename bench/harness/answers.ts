import type { Contender } from './measure.ts';

/** Relative difference that two engines' floating-point sums may have. */
const TOLERANCE = 1e-9;

/** Throws when two contenders answer a query differently; the order of rows counts only where the query fixes it. */
export async function checkAnswers(name: string, query: string, contenders: readonly Contender[]): Promise<void> {
  const answers = await Promise.all(contenders.map(async (contender) => normalized(await contender.run(query))));
  const [reference = []] = answers;
  answers.forEach((answer, i) => {
    const at = reference.findIndex((row, r) => !sameRow(row, answer[r]));
    if (answer.length === reference.length && at < 0) return;
    const shown =
      at < 0 ? `${reference.length} rows and ${answer.length} rows` : `${reference[at]?.join('|')} and ${answer[at]?.join('|')}`;
    throw new Error(`${name}: ${contenders[0]?.name} and ${contenders[i]?.name} disagree: ${shown}`);
  });
}

function normalized(rows: readonly (readonly unknown[])[]): readonly (readonly string[])[] {
  return rows.map((row) => row.map(text)).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Rows are matched by what is exact in them; numbers, which may differ in their last digits, are rounded for that. */
function key(row: readonly string[]): string {
  return row.map((cell) => (isNumber(cell) ? Number(cell).toPrecision(7) : cell)).join('\u0001');
}

function text(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace('T00:00:00.000Z', '');
  return String(value);
}

function isNumber(cell: string): boolean {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell);
}

function sameRow(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((cell, i) => sameCell(cell, b[i] ?? ''));
}

function sameCell(a: string, b: string): boolean {
  if (a === b) return true;
  if (!isNumber(a) || !isNumber(b)) return false;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y), 1e-300);
}
