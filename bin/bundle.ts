import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * `npm run bundle` (and `npm ci`, by way of `prepare`): puts the modules of the command line into a few files under dist/,
 * because Node takes about as long to find 400 files as to run what is in them. `bin/start.mjs` uses the bundle only while
 * every source has the size and time that dist/sources.json remembers. Without the bundler nothing is made, and `lumadb`
 * runs from its sources.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/** The command line, and the threads that it starts: a thread's file lies beside the code that starts it, under this name. */
const ENTRIES = {
  cli: 'src/cli.ts',
  worker: 'src/exec/pool/worker.ts',
  'commit-worker': 'storage/lsm/commit-worker.ts',
} as const;

/** What `lumadb -c "select 1"` loads on demand: it goes into one file with all that it imports. */
const STARTED = [
  'src/shell/run.ts',
  'src/shell/format/table.ts',
  'src/exec/operators/project/project.ts',
  'src/exec/operators/values/constant-rows.ts',
];

/** In place of grammars/chevrotain.ts, which finds it at run time. */
const CHEVROTAIN = `${root}node_modules/chevrotain/lib/chevrotain.min.mjs`;

/** The file's modules by path, each with those that it imports. */
type Modules = ReadonlyMap<string, readonly string[]>;

async function bundle(): Promise<void> {
  const { rolldown } = await import('rolldown');
  const modules = new Map<string, readonly string[]>();
  const made = await rolldown({
    cwd: root,
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, root + file])),
    platform: 'node',
    // Modules that a start needs are in one file, whoever else loads them on demand.
    checks: { ineffectiveDynamicImport: false },
    // Packages are found in node_modules when they are first asked for, but for the one that each start needs.
    external: (id) => !/^[./]/.test(id),
    plugins: [
      {
        name: 'lumadb',
        resolveId: (id) => (id.endsWith('/chevrotain.ts') ? CHEVROTAIN : null),
        buildEnd() {
          for (const id of this.getModuleIds()) modules.set(id, this.getModuleInfo(id)?.importedIds ?? []);
        },
      },
    ],
  });
  rmSync(`${root}dist`, { recursive: true, force: true });
  mkdirSync(`${root}dist`);
  const { cli: _, ...threads } = ENTRIES;
  const started = reachable(modules, STARTED);
  const shared = reachable(modules, Object.values(threads));
  const { output } = await made.write({
    dir: `${root}dist`,
    format: 'esm',
    codeSplitting: {
      groups: [
        // What threads load too stays apart, so that a thread does not read all the rest.
        { debugName: 'shared', name: (id) => (started().has(id) && shared().has(id) ? 'shared' : null), priority: 1 },
        { debugName: 'started', name: (id) => (started().has(id) ? 'started' : null) },
      ],
    },
  });
  await made.close();
  writeFileSync(`${root}dist/sources.json`, JSON.stringify(sourcesOf(modules)));
  process.stdout.write(`dist/: ${modules.size} modules in ${output.length} files\n`);
}

/** The modules that these files import, and these themselves; known once the build has read all. */
function reachable(modules: Modules, files: readonly string[]): () => ReadonlySet<string> {
  let found: Set<string> | undefined;
  return () => {
    if (found !== undefined) return found;
    const reached = new Set<string>();
    const visit = (id: string): void => {
      if (reached.has(id)) return;
      reached.add(id);
      for (const imported of modules.get(id) ?? []) visit(imported);
    };
    for (const file of files) visit(root + file);
    found = reached;
    return reached;
  };
}

/** Path under the root, bytes and time of every file that went into the bundle. */
function sourcesOf(modules: Modules): readonly (readonly [path: string, size: number, mtimeMs: number])[] {
  const files = [...modules.keys()].filter((id) => id.startsWith(root)).sort();
  return files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file.slice(root.length), size, mtimeMs];
  });
}

try {
  await bundle();
} catch (thrown) {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND')) throw thrown;
  process.stdout.write('rolldown is not installed: lumadb runs from its sources\n');
}
