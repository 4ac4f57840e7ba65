import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Prometheus of our own for the length of a benchmark, with an empty data directory. */
export interface Prometheus {
  readonly url: string;
  readonly version: string;
  close(): Promise<void>;
}

const START_MS = 30_000;

/** Undefined when `prometheus` is not installed (Debian's package of that name has it). */
export async function startPrometheus(): Promise<Prometheus | undefined> {
  const found = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  if (found.error !== undefined) return undefined;
  const version = /version (\S+)/.exec(`${found.stdout}${found.stderr}`)?.[1] ?? 'of unknown version';
  const folder = await mkdtemp(join(tmpdir(), 'lumadb-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, 'global: {}\n');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      // Backfilled samples stay in the head: without this, hours of them would be compacted while the benchmark runs.
      '--storage.tsdb.min-block-duration=100y',
      '--query.max-samples=500000000',
    ],
    { stdio: 'ignore' },
  );
  await ready(url, child);
  return {
    url,
    version,
    close: async () => {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`prometheus did not start${child.exitCode === null ? '' : `: exit status ${child.exitCode}`}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
