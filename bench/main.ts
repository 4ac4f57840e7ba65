/** `npm run bench -- NAME [--sf N] [--threads N] [--only a,b] [--json]` */
const BENCHES: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<void>>>> = {
  kernels: async () => (await import('./kernels/main.ts')).kernels,
  promql: async () => (await import('./promql/main.ts')).promql,
  start: async () => (await import('./start/main.ts')).start,
  tpch: async () => (await import('./tpch/main.ts')).tpch,
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (load === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--sf N] [--threads N] [--only a,b] [--json]`);
  process.exitCode = 2;
} else {
  await (await load())(args);
}
