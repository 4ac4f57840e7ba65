import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

const KILLS = 50;
const WRITER = new URL('./crash-writer.ts', import.meta.url).pathname;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Run {
  /** What the writer found when it opened the database. */
  readonly found: { readonly last: number; readonly wrong: readonly string[] };
  readonly acknowledged: number;
  /** What it printed last. */
  readonly ending: string;
}

/** Starts the writer, and kills it `lifetime` ms after its first output line; without one, waits until it ends. */
async function run(lifetime: number | null): Promise<Run> {
  return follow([process.execPath, WRITER, join(folder, 'database'), lifetime === null ? 'inspect' : 'write'], lifetime);
}

async function follow([command = '', ...args]: readonly string[], lifetime: number | null): Promise<Run> {
  const writer = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const started = new Promise<void>((resolve) => {
    writer.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      resolve();
    });
    writer.on('close', () => resolve());
  });
  const ended = new Promise<void>((resolve) => writer.on('close', () => resolve()));
  await started;
  if (lifetime !== null) {
    await setTimeout(lifetime);
    writer.kill('SIGKILL');
  }
  await ended;
  const lines = output.split('\n').slice(0, -1);
  const found = lines.find((line) => line.startsWith('found '));
  if (found === undefined) throw new Error(`the writer found nothing: ${output}`);
  const done = lines.filter((line) => line.startsWith('done ')).map((line) => Number(line.slice(5)));
  return { found: JSON.parse(found.slice(6)), acknowledged: Math.max(0, ...done), ending: lines.at(-1) ?? '' };
}

test(`${KILLS} kills lose no acknowledged commit and leave no half one`, { timeout: 300_000 }, async () => {
  let acknowledged = 0;
  let random = 12345;
  for (let kill = 0; kill < KILLS; kill++) {
    random = (random * 1103515245 + 12345) % 2 ** 31;
    const result = await run(random % 150);
    expect(result.found.wrong).toEqual([]);
    expect(result.found.last).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = Math.max(result.acknowledged, result.found.last);
  }
  const last = await run(null);
  expect(last.found.wrong).toEqual([]);
  expect(last.found.last).toBeGreaterThanOrEqual(acknowledged);
  expect(last.found.last).toBeGreaterThan(KILLS);
});

/** setrlimit(2): past RLIMIT_FSIZE a write fails with EFBIG, as it does with ENOSPC on a full disk. */
test('a disk that takes no more is 58030, also for closing, and costs no acknowledged commit', async () => {
  const database = join(folder, 'full');
  const writer = [process.execPath, WRITER, database];
  const full = await follow(['sh', '-c', 'ulimit -f 1000; exec "$0" "$@"', ...writer, 'write'], null);
  expect(full.ending).toBe('failed 58030, closed 58030');
  expect(full.acknowledged).toBeGreaterThan(0);
  const { found } = await follow([...writer, 'inspect'], null);
  expect(found.wrong).toEqual([]);
  expect(found.last).toBeGreaterThanOrEqual(full.acknowledged);
});
