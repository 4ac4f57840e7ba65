import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { languages } from '../../grammars/registry.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { FORMAT_NAMES } from './format/format.ts';
import { DEFAULT_DIALECT, DEFAULT_FORMAT, DIALECT_NAMES, type RunOptions } from './run-options.ts';

export interface ServeOptions {
  readonly host: string;
  readonly pgPort: number;
  readonly httpPort: number;
  readonly user: readonly string[];
  readonly demo?: true;
}

export interface TranslateOptions {
  readonly from: string;
  readonly to: string;
  readonly lossy?: true;
  readonly database?: string;
  readonly demo?: true;
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
}

export interface ImportOptions {
  readonly into: string;
  readonly database: string;
}

/** Runs what the arguments say. Exit status: 0, 1 for a failed query, 2 for wrong usage. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  }
}

/** The commands and options of `lumadb`; each action is loaded when it runs. */
export function commandLine(): Command {
  const program = new Command('lumadb')
    .description('One store, fourteen query languages, one compiler.')
    .exitOverride()
    // `serve --demo` is serve's own option.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .helpCommand(true)
    .version(packageJson.version, '-V, --version', 'print the version')
    .argument('[database]', 'directory of the database; without one it is in memory')
    .option('-c, --command <query>', 'run a query and exit; may be repeated', append, [])
    .option('-f, --file <file>', 'run the statements of a file and exit; - is standard input')
    .addOption(dialectOption('--dialect <name>', 'language of the queries').default(DEFAULT_DIALECT))
    .addOption(new Option('--format <name>', 'how rows are printed').choices(FORMAT_NAMES).default(DEFAULT_FORMAT))
    .option('--demo', 'start with a small demo database')
    .action(async (database: string | undefined, options: RunOptions) => (await import('./run.ts')).run(database, options));

  program
    .command('serve')
    .description("serve a database over PostgreSQL's protocol and HTTP")
    .exitOverride()
    .argument('[database]', 'directory of the database; without one it is in memory')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--pg-port <port>', "port of PostgreSQL's protocol; 0 picks a free one", port, 5432)
    .option('--http-port <port>', 'port of HTTP; 0 picks a free one', port, 9090)
    .option(
      '--user <name:password>',
      'a user who logs in with SCRAM; may be repeated; without any, everyone is trusted',
      append,
      [],
    )
    .option('--demo', 'start with a small demo database')
    .action(async (database: string | undefined, options: ServeOptions) =>
      (await import('../server/serve.ts')).serve(database, options),
    );

  program
    .command('translate')
    .description('translate a query from one language to another, and say what that loses')
    .exitOverride()
    .argument('[query]', 'the query; - or nothing reads standard input')
    .addOption(dialectOption('--from <name>', 'language of the query').default('auto'))
    .addOption(
      new Option('--to <name>', 'language to translate to').choices(languages.map((each) => each.name)).makeOptionMandatory(),
    )
    .option('--lossy', 'translate what can be kept, and report the rest')
    .option('--database <directory>', 'a database that says where metrics lie and which labels they have')
    .option('--demo', 'the demo database says it')
    .option('--start <time>', 'first step of a series query: epoch seconds or RFC 3339')
    .option('--end <time>', 'last step')
    .option('--step <duration>', 'seconds, or a duration such as 1m')
    .action(async (query: string | undefined, options: TranslateOptions) =>
      (await import('./translate.ts')).translateCommand(query, options),
    );

  program
    .command('detect')
    .description('say which language a query is written in')
    .exitOverride()
    .argument('[query]', 'the query; - or nothing reads standard input')
    .action(async (query: string | undefined) => (await import('./detect.ts')).detectCommand(query));

  program
    .command('import')
    .description('load csv or parquet files into a table, making it when it is missing')
    .exitOverride()
    .argument('<file...>')
    .requiredOption('--into <table>', 'the table')
    .requiredOption('--database <directory>', 'directory of the database')
    .action(async (files: string[], options: ImportOptions) => (await import('./import.ts')).importCommand(files, options));
  return program;
}

function dialectOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(DIALECT_NAMES);
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65535) return value;
  throw new InvalidArgumentError('a port is a number from 0 to 65535');
}
