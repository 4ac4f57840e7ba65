import { readRun } from './shell/run-options.ts';

const plain = readRun(process.argv.slice(2));
if (plain === undefined) {
  const { runCommandLine } = await import('./shell/command-line.ts');
  await runCommandLine(process.argv.slice(2));
} else {
  const { run } = await import('./shell/run.ts');
  await run(plain.database, plain.options);
}
