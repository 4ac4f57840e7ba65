import { type Command, CommanderError } from 'commander';
import { commandLine } from './shell/command-line.ts';

/** Exit status: 0, 1 for a failed query, 2 for wrong usage. */
async function main(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  }
}

await main(commandLine());
