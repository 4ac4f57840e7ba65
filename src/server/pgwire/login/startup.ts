import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Body } from '../messages/body.ts';

/** Request codes in the first packet (src/include/libpq/pqcomm.h). */
const CANCEL = 80_877_102;
const SSL = 80_877_103;
const GSS = 80_877_104;
const PROTOCOL_MAJOR = 3;
/** The version that is spoken here. */
export const PROTOCOL_3_0 = PROTOCOL_MAJOR << 16;

/** How a client introduces itself. */
export interface StartupPacket {
  readonly type: 'startup';
  readonly user: string;
  readonly database: string;
  /** Run-time settings, by name. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Present when the client asked for a newer minor version, or for protocol options that are not known here. */
  readonly negotiate: { readonly options: readonly string[] } | undefined;
}

export type FirstPacket =
  | StartupPacket
  | { readonly type: 'ssl' | 'gss' }
  | { readonly type: 'cancel'; readonly processId: number; readonly secret: number };

/** Throws 08P01 for what is no PostgreSQL client, 28000 without a user. */
export function readFirstPacket(body: Body): FirstPacket {
  const code = body.int32();
  switch (code) {
    case CANCEL:
      return { type: 'cancel', processId: body.int32(), secret: body.int32() };
    case SSL:
      return { type: 'ssl' };
    case GSS:
      return { type: 'gss' };
    default:
      return readStartup(code, body);
  }
}

function readStartup(version: number, body: Body): StartupPacket {
  if (version >> 16 !== PROTOCOL_MAJOR) {
    throw new LumaError(
      SQLSTATE.protocolViolation,
      `unsupported frontend protocol ${version >> 16}.${version & 0xffff}: server supports 3.0`,
    );
  }
  const parameters = new Map<string, string>();
  for (let name = body.text(); name !== ''; name = body.text()) parameters.set(name, body.text());
  const user = parameters.get('user');
  if (user === undefined || user === '') throw new LumaError('28000', 'no PostgreSQL user name specified in startup packet');
  const options = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  const settings = [...parameters].filter(
    ([name]) => !['user', 'database', 'options', 'replication'].includes(name) && !name.startsWith('_pq_.'),
  );
  return {
    type: 'startup',
    user,
    database: parameters.get('database') ?? user,
    settings: [...settings, ...commandLineSettings(parameters.get('options') ?? '')],
    negotiate: (version & 0xffff) > 0 || options.length > 0 ? { options } : undefined,
  };
}

/** `-c name=value`, `-cname=value` and `--name=value` of PGOPTIONS; a backslash keeps a blank. Throws 42601 for others. */
function commandLineSettings(options: string): readonly (readonly [string, string])[] {
  const words = (options.match(/(?:\\.|[^\s\\])+/gs) ?? []).map((word) => word.replaceAll(/\\(.)/gs, '$1'));
  const settings: (readonly [string, string])[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] === '-c' ? `-c${words[++at] ?? ''}` : (words[at] ?? '');
    const [, name = '', value = ''] = /^(?:-c|--)([\w.-]+)=(.*)$/s.exec(word) ?? [];
    if (name === '') throw new LumaError(SQLSTATE.syntaxError, `invalid command-line argument for server process: ${word}`);
    settings.push([name.replaceAll('-', '_'), value]);
  }
  return settings;
}
