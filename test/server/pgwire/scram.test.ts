import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ScramExchange, verifierOf } from '../../../src/server/pgwire/login/scram.ts';

/** RFC 7677, section 3: user "user", password "pencil". */
const RFC = {
  salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};

function exchange(password = 'pencil'): ScramExchange {
  return new ScramExchange(verifierOf(password, Buffer.from(RFC.salt, 'base64')), RFC.serverNonce);
}

describe('the exchange of RFC 7677', () => {
  test('answers as written there', () => {
    const server = exchange();
    expect(server.challenge(RFC.clientFirst)).toBe(RFC.serverFirst);
    expect(server.verify(RFC.clientFinal)).toBe(RFC.serverFinal);
  });

  test('another password is refused', () => {
    const server = exchange('pencils');
    server.challenge(RFC.clientFirst);
    expect(() => server.verify(RFC.clientFinal)).toThrow(expect.objectContaining({ code: '28P01' }));
  });

  test('an exchange takes its own challenge only', () => {
    const server = new ScramExchange(verifierOf('pencil', Buffer.from(RFC.salt, 'base64')));
    server.challenge(RFC.clientFirst);
    expect(() => server.verify(RFC.clientFinal)).toThrow(expect.objectContaining({ code: '08P01' }));
  });

  test.each([
    ['p=tls-server-end-point,,n=user,r=abc', 'channel binding, which was not offered'],
    ['n,a=admin,n=user,r=abc', 'an authorization identity'],
    ['n,,n=user', 'no nonce'],
    ['', 'nothing'],
  ])('%s: %s', (first) => {
    expect(() => exchange().challenge(first)).toThrow(expect.objectContaining({ code: '08P01' }));
  });

  test.each([
    [RFC.clientFinal.replace('c=biws', 'c=eSws'), '08P01'],
    [RFC.clientFinal.replace(/,p=.*/, ''), '08P01'],
    [RFC.clientFinal.replace('p=d', 'p=e'), '28P01'],
    [RFC.clientFinal.replace(/p=.*/, 'p=AAAA'), '28P01'],
  ])('final message %s', (final, code) => {
    const server = exchange();
    server.challenge(RFC.clientFirst);
    expect(() => server.verify(final)).toThrow(expect.objectContaining({ code }));
  });
});

/** What psql 15 logs in with for these passwords (pg_saslprep, src/common/saslprep.c); a driver without SASLprep sends them raw. */
test.each([
  ['mapped to a space', 'a\u00a0b', 'a b'],
  ['mapped to nothing', 'a\u00adb', 'ab'],
  ['compatibility forms', '\ufb01\u2168', 'fiIX'],
  ['an emoji, unassigned in Unicode 3.2: left as it is', '\ufb01\u{1f600}', '\ufb01\u{1f600}'],
  ['a control character, prohibited: left as it is', '\ufb01\u0007', '\ufb01\u0007'],
])('%s', (_name, password, sent) => {
  for (const form of [sent, password]) {
    const server = new ScramExchange(verifierOf(password));
    expect(server.verify(clientFinal(form, server.challenge(RFC.clientFirst)))).toMatch(/^v=/);
  }
  const server = new ScramExchange(verifierOf(password));
  expect(() => server.verify(clientFinal('other', server.challenge(RFC.clientFirst)))).toThrow(
    expect.objectContaining({ code: '28P01' }),
  );
});

/** The client's side (RFC 5802, section 3). */
function clientFinal(password: string, serverFirst: string): string {
  const [nonce = '', salt = '', iterations = ''] = serverFirst.split(',').map((part) => part.slice(2));
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash('sha256').update(clientKey).digest();
  const signature = hmac(storedKey, `${RFC.clientFirst.slice(3)},${serverFirst},c=biws,r=${nonce}`);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return `c=biws,r=${nonce},p=${proof.toString('base64')}`;
}

test('a verifier holds no password: it cannot prove what a client must', () => {
  const { salt, iterations, keys } = verifierOf('secret');
  expect(keys).toHaveLength(1);
  const { storedKey, serverKey } = keys[0] ?? expect.fail('no keys');
  const salted = pbkdf2Sync('secret', salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  expect(storedKey).toEqual(createHash('sha256').update(clientKey).digest());
  for (const kept of [salt, storedKey, serverKey]) expect(kept).not.toEqual(clientKey);
});
