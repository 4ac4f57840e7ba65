import { once } from 'node:events';
import type { Write } from './format/format.ts';

/** Standard output; waits while the receiver is slow, and ends quietly when it has gone (`| head`). */
export const standardOutput: Write = async (chunk) => {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}
