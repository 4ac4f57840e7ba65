import type { Session } from '../../engine/session.ts';
import { argumentsOf, COMMAND_NAMES } from '../commands.ts';

/** What Tab offers: backslash commands and their arguments, names of tables and columns. */
export function complete(line: string, session: Session): [found: string[], replaced: string] {
  const command = /^(\\\w*)(?:\s+(\S*))?$/.exec(line);
  if (command !== null) {
    const [, name = '', argument] = command;
    if (argument === undefined) return offer(COMMAND_NAMES, name);
    return offer(name === '\\d' ? tableNames(session) : argumentsOf(name), argument);
  }
  const [word = ''] = /[\w"]*$/.exec(line) ?? [];
  return word === '' ? [[], ''] : offer([...tableNames(session), ...columnNames(session)], word);
}

function offer(names: Iterable<string>, begun: string): [found: string[], replaced: string] {
  return [[...new Set(names)].filter((name) => name.startsWith(begun)).sort(), begun];
}

function tableNames(session: Session): string[] {
  return definitions(session).map((table) => table.name);
}

function columnNames(session: Session): string[] {
  return definitions(session).flatMap((table) => table.columns.map((column) => column.name));
}

function definitions(
  session: Session,
): readonly { readonly name: string; readonly columns: readonly { readonly name: string }[] }[] {
  const snapshot = session.snapshot();
  try {
    return snapshot.tables();
  } finally {
    snapshot.release();
  }
}
