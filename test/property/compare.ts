import type { Answer, Cell, Row } from './peers.ts';

/**
 * Undefined when the two answers are the same, else what differs. Rows come in any order unless said; doubles may differ in
 * the last digits, because a sum depends on the order of its parts.
 */
export function difference(expected: Answer, got: Answer, ordered: boolean): string | undefined {
  if (expected.kind === 'error' || got.kind === 'error') {
    if (expected.kind === got.kind) return undefined;
    return `expected ${describe(expected)}, got ${describe(got)}`;
  }
  if (expected.rows.length !== got.rows.length) return `expected ${describe(expected)}, got ${describe(got)}`;
  const [left, right] = ordered ? [expected.rows, got.rows] : [sorted(expected.rows), sorted(got.rows)];
  for (const [i, row] of left.entries()) {
    const other = right[i] ?? [];
    if (row.length === other.length && row.every((cell, column) => sameCell(cell, other[column] ?? null))) continue;
    return `row ${i + 1}: expected ${row.join('|')}, got ${other.join('|')}`;
  }
  return undefined;
}

function describe(answer: Answer): string {
  if (answer.kind === 'error') return `error ${answer.code} ${answer.message}`;
  const first = answer.rows.slice(0, 8).map((row) => row.map((cell) => cell ?? 'NULL').join('|'));
  return `${answer.rows.length} rows (${first.join('; ')})`;
}

function sorted(rows: readonly Row[]): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: row.map(sortText).join('|') }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** Doubles that may differ in the last digits must sort alike: a few digits are enough for that. */
function sortText(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? 'NULL';
  return Object.is(cell, -0) || Math.abs(cell) < 1e-9 ? '0' : cell.toPrecision(7);
}

function sameCell(a: Cell, b: Cell): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (typeof a !== 'number' && typeof b !== 'number') return false;
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}
