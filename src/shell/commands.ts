import { LumaError, SQLSTATE } from '../types/error.ts';
import { didYouMean } from '../types/nearest.ts';
import { describeTable, listTables } from './describe.ts';
import { FORMAT_NAMES, formatNamed, type Write } from './format/format.ts';
import { DIALECT_NAMES } from './run-options.ts';
import type { ShellState } from './state.ts';

interface MetaCommand {
  readonly usage: string;
  readonly summary: string;
  /** What its argument may be, where that is a list. */
  readonly choices?: readonly string[];
  run(argument: string, state: ShellState, write: Write): Promise<void>;
}

const SWITCH = ['on', 'off'];

const COMMANDS: Readonly<Record<string, MetaCommand>> = {
  '\\?': {
    usage: '\\?',
    summary: 'this list',
    run: async (_argument, _state, write) => {
      const width = Math.max(...Object.values(COMMANDS).map((command) => command.usage.length));
      for (const { usage, summary } of Object.values(COMMANDS)) await write(`  ${usage.padEnd(width)}  ${summary}\n`);
    },
  },
  '\\d': {
    usage: '\\d [table]',
    summary: 'the tables, or the columns of one',
    run: async (argument, { session }, write) => write(argument === '' ? listTables(session) : describeTable(session, argument)),
  },
  '\\dialect': {
    usage: '\\dialect [name]',
    summary: 'the language of what you type: show it, or set it (auto finds out)',
    choices: DIALECT_NAMES,
    run: async (argument, state, write) => {
      if (argument !== '') state.dialect = oneOf('language', argument, DIALECT_NAMES);
      await write(`${DIALECT_NAMES.map((name) => `${name === state.dialect ? '* ' : '  '}${name}`).join('\n')}\n`);
    },
  },
  '\\format': {
    usage: '\\format [name]',
    summary: 'how rows are printed',
    choices: FORMAT_NAMES,
    run: async (argument, state, write) => {
      if (argument !== '') {
        await formatNamed(argument);
        state.format = argument;
      }
      await write(`${FORMAT_NAMES.map((name) => `${name === state.format ? '* ' : '  '}${name}`).join('\n')}\n`);
    },
  },
  '\\timing': {
    usage: '\\timing [on|off]',
    summary: 'print how long each statement took',
    choices: SWITCH,
    run: async (argument, state, write) => {
      state.timing = argument === '' ? !state.timing : oneOf('value', argument, SWITCH) === 'on';
      await write(`Timing is ${state.timing ? 'on' : 'off'}.\n`);
    },
  },
  '\\q': {
    usage: '\\q',
    summary: 'leave',
    run: async (_argument, state) => {
      state.done = true;
    },
  },
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** What a command's argument may be, where that is a list. */
export function argumentsOf(name: string): readonly string[] {
  return (Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.choices : undefined) ?? [];
}

/** Runs `\command argument`. Throws 42601 for an unknown one, with the nearest. */
export async function runMeta(text: string, state: ShellState, write: Write): Promise<void> {
  const [name = '', ...rest] = text.split(/\s+/);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new LumaError(SQLSTATE.syntaxError, `there is no command ${name}`, {
      hint: didYouMean(name, COMMAND_NAMES) ?? '\\? lists the commands.',
    });
  }
  await command.run(rest.join(' ').replace(/;$/, ''), state, write);
}

function oneOf(what: string, given: string, allowed: readonly string[]): string {
  const found = allowed.find((each) => each === given.toLowerCase());
  if (found !== undefined) return found;
  throw new LumaError(SQLSTATE.invalidParameterValue, `there is no ${what} "${given}"`, {
    hint: didYouMean(given, allowed) ?? `It is one of ${allowed.join(', ')}.`,
  });
}
