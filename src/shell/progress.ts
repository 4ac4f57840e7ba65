import type { Progress } from '../engine/results/rows.ts';

/** A query shorter than this shows no progress. */
const QUIET_MS = 500;
const REDRAW_MS = 100;
const BAR = 30;

/** One line on the terminal that says how far a query is; it is gone before anything else is printed. */
export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

export function progressLine(): ProgressLine {
  const started = performance.now();
  let drawn = 0;
  let visible = false;
  return {
    show: ({ done, total }) => {
      const now = performance.now();
      if (!process.stderr.isTTY || now - started < QUIET_MS || now - drawn < REDRAW_MS || total === 0) return;
      drawn = now;
      visible = true;
      const share = Math.min(1, done / total);
      const filled = Math.round(share * BAR);
      process.stderr.write(`\r[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}] ${Math.round(share * 100)} %, Ctrl-C cancels`);
    },
    clear: () => {
      if (visible) process.stderr.write('\r\x1b[K');
      visible = false;
    },
  };
}
