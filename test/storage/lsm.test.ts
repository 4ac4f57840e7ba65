import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openLsm } from '../../storage/lsm/engine.ts';
import { storageSuite } from './suite.ts';

let folder: string;
let databases = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

storageSuite('lsm', async (memory) => openLsm(join(folder, String(databases++)), memory, { syncMode: 'off' }));
