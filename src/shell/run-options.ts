import { parseArgs } from 'node:util';
import { languages } from '../../grammars/registry.ts';
import { FORMAT_NAMES } from './format/format.ts';

/** What `lumadb [DATABASE]` was asked to do. */
export interface RunOptions {
  readonly command: readonly string[];
  readonly file?: string;
  readonly dialect: string;
  readonly format: string;
  readonly demo?: true;
}

/** What a query may be written in. */
export const DIALECT_NAMES: readonly string[] = [...languages.map((language) => language.name), 'auto'];

export const DEFAULT_DIALECT = 'lql';
export const DEFAULT_FORMAT = 'table';

/** Words that are not a database but a command of their own; a directory of such a name is reached as `./serve`. */
export const COMMAND_NAMES: readonly string[] = ['serve', 'translate', 'detect', 'import', 'help'];

/**
 * Reads a plain run, which so starts without the command line's library. Undefined for everything else: other commands,
 * help, wrong usage. What it gives is what command-line.ts would.
 */
export function readRun(
  args: readonly string[],
): { readonly database: string | undefined; readonly options: RunOptions } | undefined {
  const read = parsed(args);
  if (read === undefined) return undefined;
  const [database, ...more] = read.positionals;
  if (more.length > 0 || (database !== undefined && COMMAND_NAMES.includes(database))) return undefined;
  const { command, file, dialect, format, demo } = read.values;
  if (!DIALECT_NAMES.includes(dialect) || !FORMAT_NAMES.includes(format)) return undefined;
  const chosen = { command, dialect, format, ...(file === undefined ? {} : { file }) };
  return { database, options: demo === true ? { ...chosen, demo } : chosen };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        command: { type: 'string', short: 'c', multiple: true, default: [] },
        file: { type: 'string', short: 'f' },
        dialect: { type: 'string', default: DEFAULT_DIALECT },
        format: { type: 'string', default: DEFAULT_FORMAT },
        demo: { type: 'boolean' },
      },
    });
  } catch {
    return undefined;
  }
}
