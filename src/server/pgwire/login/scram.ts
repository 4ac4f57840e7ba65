import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { LumaError, SQLSTATE } from '../../../types/error.ts';

/** SCRAM-SHA-256 as PostgreSQL uses it (RFC 5802, RFC 7677, PostgreSQL protocol 55.3), without channel binding. */
export const MECHANISM = 'SCRAM-SHA-256';

/** PostgreSQL's default of scram_iterations. */
const ITERATIONS = 4096;

/** What the server keeps of a password: nobody can log in with it alone. */
export interface Verifier {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export function verifierOf(password: string, salt: Buffer = randomBytes(16)): Verifier {
  // SASLprep changes nothing in ASCII; for the rest PostgreSQL falls back to the bytes as they are, NFKC is its main step.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

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
    const signature = hmac(this.#verifier.storedKey, authMessage);
    const proof = Buffer.from(proofText, 'base64');
    if (proof.length !== signature.length) throw rejected();
    const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (!timingSafeEqual(createHash('sha256').update(clientKey).digest(), this.#verifier.storedKey)) throw rejected();
    return `v=${hmac(this.#verifier.serverKey, authMessage).toString('base64')}`;
  }
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
