import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Ran {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** Runs the command line from its sources. */
export async function lumadb(args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts'), ...args], {
    env: environment(),
  });
  const out: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, out: Buffer.concat(out), err };
}

/** The command for a shell or a terminal. */
export const COMMAND: string = `${process.execPath} --disable-warning=ExperimentalWarning ${join(ROOT, 'src/cli.ts')}`;

/** Without what the test runner tells its own processes. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...rest } = process.env;
  return rest;
}
