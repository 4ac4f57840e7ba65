import { randomBytes } from 'node:crypto';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Connection } from '../connection.ts';
import { MECHANISM, ScramExchange, type Verifier, verifierOf } from './scram.ts';
import { PROTOCOL_3_0, type StartupPacket } from './startup.ts';

/** Who may log in, by name; empty: everyone is trusted. */
export type Users = ReadonlyMap<string, Verifier>;

/** AuthenticationRequest codes (protocol 55.7). */
const AUTHENTICATION = { ok: 0, sasl: 10, saslContinue: 11, saslFinal: 12 } as const;

/** PG_MAX_AUTH_TOKEN_LENGTH (src/include/libpq/auth.h): nobody sends more before being known. */
const MAX_TOKEN_BYTES = 65_535;

/** An unknown user goes through the whole exchange too, so that answers do not tell which names exist. */
const NOBODY = verifierOf(randomBytes(16).toString('hex'));

/** Throws 28P01 when the client does not know the password. */
export async function authenticate(connection: Connection, startup: StartupPacket, users: Users): Promise<void> {
  const { out } = connection;
  if (startup.negotiate !== undefined) {
    // The whole version, as PostgreSQL sends it and libpq reads it, although the documentation says "minor".
    out.begin('v').int32(PROTOCOL_3_0).int32(startup.negotiate.options.length);
    for (const option of startup.negotiate.options) out.text(option);
    out.end();
  }
  if (users.size > 0) await scram(connection, startup.user, users);
  out.begin('R').int32(AUTHENTICATION.ok).end();
}

async function scram(connection: Connection, user: string, users: Users): Promise<void> {
  const { out } = connection;
  const exchange = new ScramExchange(users.get(user) ?? NOBODY);
  out.begin('R').int32(AUTHENTICATION.sasl).text(MECHANISM).int8(0).end();
  await connection.flush();

  const first = await passwordMessage(connection);
  const mechanism = first.text();
  if (mechanism !== MECHANISM) throw new LumaError(SQLSTATE.protocolViolation, `unknown SASL mechanism "${mechanism}"`);
  const challenge = exchange.challenge(first.bytes(first.int32()).toString());
  out.begin('R').int32(AUTHENTICATION.saslContinue).raw(Buffer.from(challenge)).end();
  await connection.flush();

  const final = await passwordMessage(connection);
  let signature: string;
  try {
    signature = exchange.verify(final.rest().toString());
  } catch (thrown) {
    throw new LumaError(SQLSTATE.invalidPassword, `password authentication failed for user "${user}"`, { cause: thrown });
  }
  out.begin('R').int32(AUTHENTICATION.saslFinal).raw(Buffer.from(signature)).end();
}

async function passwordMessage(connection: Connection) {
  const message = await connection.reader.next(MAX_TOKEN_BYTES);
  if (message?.type === 'p') return message.body;
  throw new LumaError(SQLSTATE.protocolViolation, 'expected a SASL response');
}
