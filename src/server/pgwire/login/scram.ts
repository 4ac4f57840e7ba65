import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { LumaError, SQLSTATE } from '../../../types/error.ts';

/** SCRAM-SHA-256 as PostgreSQL uses it (RFC 5802, RFC 7677, PostgreSQL protocol 55.3), without channel binding. */
export const MECHANISM = 'SCRAM-SHA-256';

/** PostgreSQL's default of scram_iterations. */
const ITERATIONS = 4096;

interface Keys {
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** What the server keeps of a password: nobody can log in with it alone. */
export interface Verifier {
  readonly salt: Buffer;
  readonly iterations: number;
  /** One for each form in which clients may send the password. */
  readonly keys: readonly Keys[];
}

export function verifierOf(password: string, salt: Buffer = randomBytes(16)): Verifier {
  const keys = formsOf(password).map((form) => {
    const salted = pbkdf2Sync(form, salt, ITERATIONS, 32, 'sha256');
    return {
      storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
      serverKey: hmac(salted, 'Server Key'),
    };
  });
  return { salt, iterations: ITERATIONS, keys };
}

/**
 * A client prepares a password with SASLprep (RFC 4013), but sends it as it is where that prohibits a character, which
 * depends on its tables, or when it knows nothing of SASLprep. Both forms are the password; in ASCII they are one.
 */
function formsOf(password: string): readonly string[] {
  const prepared = password.replaceAll(SPACES, ' ').replaceAll(NOTHING, '').normalize('NFKC');
  return prepared === password ? [password] : [prepared, password];
}

/** RFC 3454, tables C.1.2 and B.1. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

/** One exchange: the client's first message gives the challenge, its final one the server's signature. */
export class ScramExchange {
  readonly #verifier: Verifier;
  readonly #serverNonce: string;
  #clientFirstBare = '';
  #header = '';
  #serverFirst = '';

  constructor(verifier: Verifier, nonce: string = randomBytes(18).toString('base64')) {
    this.#verifier = verifier;
    this.#serverNonce = nonce;
  }

  /** `n,,n=user,r=nonce` → `r=…,s=…,i=…`. */
  challenge(clientFirst: string): string {
    const match = /^([ny],,)(?:n=[^,]*,)r=([\x21-\x2b\x2d-\x7e]+)/.exec(clientFirst);
    if (match === null) throw malformed();
    const [, header = '', clientNonce = ''] = match;
    this.#header = header;
    this.#clientFirstBare = clientFirst.slice(header.length);
    const salt = this.#verifier.salt.toString('base64');
    this.#serverFirst = `r=${clientNonce}${this.#serverNonce},s=${salt},i=${this.#verifier.iterations}`;
    return this.#serverFirst;
  }

  /** `c=…,r=…,p=…` → `v=…`; throws 28P01 when the proof is not that of the password. */
  verify(clientFinal: string): string {
    const match = /^(c=([^,]+),r=([^,]+)),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal);
    if (match === null) throw malformed();
    const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = match;
    const expectedNonce = /^r=([^,]+)/.exec(this.#serverFirst)?.[1];
    if (nonce !== expectedNonce || Buffer.from(binding, 'base64').toString() !== this.#header) throw malformed();
    const authMessage = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`;
    const proof = Buffer.from(proofText, 'base64');
    const proven = this.#verifier.keys.find(({ storedKey }) => proves(proof, storedKey, authMessage));
    if (proven === undefined) throw rejected();
    return `v=${hmac(proven.serverKey, authMessage).toString('base64')}`;
  }
}

function proves(proof: Buffer, storedKey: Buffer, authMessage: string): boolean {
  const signature = hmac(storedKey, authMessage);
  if (proof.length !== signature.length) return false;
  const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function malformed(): LumaError {
  return new LumaError(SQLSTATE.protocolViolation, 'malformed SCRAM message');
}

function rejected(): LumaError {
  return new LumaError(SQLSTATE.invalidPassword, 'password authentication failed');
}
