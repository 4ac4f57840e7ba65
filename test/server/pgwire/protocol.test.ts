import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { int16, int32, RawClient, startServer, type TestServer } from './support.ts';

/** Message by message, as PostgreSQL's documentation has it ("Frontend/Backend Protocol", 55.2), and as PostgreSQL 15.14 answers. */

let server: TestServer;
let client: RawClient;

beforeAll(async () => {
  server = await startServer();
  await server.database.query(
    "create table numbers (n integer, name text); insert into numbers values (1, 'one'), (2, 'two'), (3, null)",
  );
});
afterAll(() => server.close());
afterEach(() => client.close());

async function session(): Promise<RawClient> {
  client = await RawClient.session(server.port);
  return client;
}

async function answers(text: string): Promise<string[]> {
  client.query(text);
  return client.until('Z');
}

describe('start-up', () => {
  test('TLS and GSS are declined in one byte, then the client goes on', async () => {
    client = await RawClient.connect(server.port);
    client.socket.write(Buffer.concat([int32(8), int32(80_877_103)]));
    client.socket.write(Buffer.concat([int32(8), int32(80_877_104)]));
    client.startup({ user: 'tester' });
    expect(await client.byte()).toBe('N');
    expect(await client.byte()).toBe('N');
    expect((await client.until('Z')).at(-1)).toBe('Z I');
  });

  test('reports settings, a key to cancel with, and that it is ready', async () => {
    client = await RawClient.connect(server.port);
    client.startup({ user: 'tester', application_name: 'a test' });
    const types = (await client.until('Z')).map((line) => line[0]);
    expect(types.join('')).toMatch(/^RS{9,}KZ$/);
  });

  test('a newer minor version and unknown protocol options are negotiated', async () => {
    client = await RawClient.connect(server.port);
    client.startup({ user: 'tester', '_pq_.fancy': 'on' }, (3 << 16) | 2);
    const reply = await client.next();
    expect(reply?.type).toBe('v');
    expect([reply?.body.int32(), reply?.body.int32(), reply?.body.text()]).toEqual([196_608, 1, '_pq_.fancy']);
    expect((await client.until('Z')).at(-1)).toBe('Z I');
  });

  test.each([
    [{ user: 'tester' }, 2 << 16, 'E FATAL 08P01 unsupported frontend protocol 2.0: server supports 3.0'],
    [{ database: 'x' }, 3 << 16, 'E FATAL 28000 no PostgreSQL user name specified in startup packet'],
    [{ user: 'x', options: 'word' }, 3 << 16, 'E FATAL 42601 invalid command-line argument for server process: word'],
    [{ user: 'x', options: '-c word' }, 3 << 16, 'E FATAL 42601 invalid command-line argument for server process: -cword'],
    [{ user: 'x', nonsense: '1' }, 3 << 16, 'E FATAL 42704 there is no setting "nonsense"'],
  ])('%j, version %d', async (parameters, version, message) => {
    client = await RawClient.connect(server.port);
    client.startup(parameters, version);
    expect((await client.until('E')).at(-1)).toBe(message);
    expect(await client.next()).toBeUndefined();
  });

  test('settings in options, and a time zone that is not known is no reason to refuse', async () => {
    client = await RawClient.connect(server.port);
    client.startup({ user: 'tester', options: '-c statement_timeout=7s --application-name=x\\ y', TimeZone: 'Europe/Berlin' });
    const seen = await client.until('Z');
    expect(seen).toContain('N WARNING 01000 the time zone Europe/Berlin is not supported: times are in UTC');
    expect(await answers('show statement_timeout; show application_name; show timezone')).toEqual(
      expect.arrayContaining(['D 7s', 'D x y', 'D UTC']),
    );
  });
});

describe('simple query', () => {
  test('rows with their description, and a tag', async () => {
    await session();
    expect(await answers('select n, name from numbers order by n')).toEqual([
      'T n:23 name:25',
      'D 1|one',
      'D 2|two',
      'D 3|null',
      'C SELECT 3',
      'Z I',
    ]);
  });

  test('an empty text', async () => {
    await session();
    expect(await answers(' -- nothing\n')).toEqual(['I', 'Z I']);
  });

  test('the statements of a message are one transaction', async () => {
    await session();
    await answers('create table one (n integer)');
    expect(await answers('insert into one values (1); select 1/0; insert into one values (2)')).toEqual([
      'C INSERT 0 1',
      expect.stringMatching(/^T /),
      expect.stringMatching(/^E ERROR 22012 division by zero/),
      'Z I',
    ]);
    expect(await answers('select count(*) from one')).toContain('D 0');
    expect(await answers('insert into one values (1); insert into one values (2)')).toEqual([
      'C INSERT 0 1',
      'C INSERT 0 1',
      'Z I',
    ]);
    expect(await answers('select count(*) from one')).toContain('D 2');
  });

  test('BEGIN takes what the message did before into its block', async () => {
    await session();
    await answers('create table two (n integer)');
    expect(await answers('insert into two values (1); begin; insert into two values (2)')).toEqual([
      'C INSERT 0 1',
      'C BEGIN',
      'C INSERT 0 1',
      'Z T',
    ]);
    expect(await answers('rollback')).toEqual(['C ROLLBACK', 'Z I']);
    expect(await answers('select count(*) from two')).toContain('D 0');
  });

  test('COMMIT keeps what came before it in the message, a later error undoes only what came after', async () => {
    await session();
    await answers('create table three (n integer)');
    await answers('insert into three values (1); commit; insert into three values (2); select 1/0');
    expect(await answers('select n from three')).toEqual(['T n:23', 'D 1', 'C SELECT 1', 'Z I']);
  });

  test('a block: status T, after an error E until ROLLBACK', async () => {
    await session();
    expect(await answers('begin')).toEqual(['C BEGIN', 'Z T']);
    expect((await answers('select nope from numbers')).at(-1)).toBe('Z E');
    expect((await answers('select 1'))[0]).toMatch(/^E ERROR 25P02/);
    expect(await answers('commit')).toEqual(['C ROLLBACK', 'Z I']);
  });

  test('positions count characters, not bytes or UTF-16 units', async () => {
    await session();
    expect((await answers("select '𝔘é', nope from numbers"))[0]).toBe('E ERROR 42703 column "nope" does not exist @14');
  });
});

describe('text that is not UTF-8', () => {
  const message = (bytes: string): string => `E ERROR 22021 invalid byte sequence for encoding "UTF8": ${bytes}`;

  test.each([
    ["select 'caf\xe9'", '0xe9 0x27'],
    ["select 'a\xf0\x9f'", '0xf0 0x9f 0x27'],
    ["select '\xff'", '0xff'],
  ])('in a query: %j', async (sent, bytes) => {
    await session();
    client.send('Q', Buffer.from(`${sent}\0`, 'latin1'));
    expect(await client.until('Z')).toEqual([message(bytes), 'Z I']);
    expect(await answers("select '\ufffd'")).toContain('D \ufffd');
  });

  test.each([
    ['caf\xe9!', '0xe9 0x21'],
    ['a\xf0\x9f', '0xf0 0x9f'],
    ['a\xc3', '0xc3'],
    ['a\0b', '0x00'],
    ['\xed\xa0\x80x', '0xed 0xa0 0x80'],
    ['\xc0\x80', '0xc0 0x80'],
  ])('in a parameter: %j', async (sent, bytes) => {
    await session();
    client.parse('select $1::text');
    client.bind([Buffer.from(sent, 'latin1')]);
    client.sync();
    expect(await client.until('Z')).toEqual(['1', message(bytes), 'Z I']);
  });

  test('a message without its end is an error, and the session goes on', async () => {
    await session();
    client.send('Q', 'select 1');
    expect(await client.until('Z')).toEqual(['E ERROR 08P01 invalid string in message', 'Z I']);
  });
});

describe('extended query', () => {
  test('parse, bind, describe, execute', async () => {
    await session();
    client.parse('select n, name from numbers where n >= $1 order by n');
    client.bind(['2']);
    client.describe('P');
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '2', 'T n:23 name:25', 'D 2|two', 'D 3|null', 'C SELECT 2', 'Z I']);
  });

  test('a statement is described with its parameters; a command has no rows', async () => {
    await session();
    client.parse('select name from numbers where n = $1 and name = $2', { name: 's' });
    client.describe('S', 's');
    // A declared type is given back: JDBC fails when its varchar (1043) comes back as text.
    client.parse('insert into numbers values ($1, $2)', { name: 'i', types: [0, 1043] });
    client.describe('S', 'i');
    client.sync();
    expect(await client.until('Z')).toEqual(['1', 't 23 25', 'T name:25', '1', 't 23 1043', 'n', 'Z I']);
  });

  test('a named statement is used again; binary in and out', async () => {
    await session();
    client.parse('select n, name from numbers where n = $1', { name: 's', types: [23] });
    for (const n of [1, 3]) {
      client.bind([int32(n)], { statement: 's', formats: [1], results: [1, 0] });
      client.execute();
    }
    client.describe('P');
    client.sync();
    const one = int32(1).toString();
    const three = int32(3).toString();
    expect(await client.until('Z')).toEqual([
      '1',
      '2',
      `D ${one}|one`,
      'C SELECT 1',
      '2',
      `D ${three}|null`,
      'C SELECT 1',
      'T n:23:binary name:25',
      'Z I',
    ]);
  });

  test('a portal gives its rows in parts and is suspended between them', async () => {
    await session();
    client.parse('select n from numbers order by n');
    client.bind([], { portal: 'p' });
    client.execute(2, 'p');
    client.execute(1, 'p');
    client.execute(1, 'p');
    client.execute(1, 'p');
    client.sync();
    // PostgreSQL looks for no row behind the limit; the portal that has ended gives none.
    expect(await client.until('Z')).toEqual(['1', '2', 'D 1', 'D 2', 's', 'D 3', 's', 'C SELECT 0', 'C SELECT 0', 'Z I']);
  });

  test('a portal lives to the end of its transaction', async () => {
    await session();
    await answers('begin');
    client.parse('select n from numbers order by n');
    client.bind([], { portal: 'p' });
    client.execute(1, 'p');
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '2', 'D 1', 's', 'Z T']);
    client.execute(0, 'p');
    client.sync();
    expect(await client.until('Z')).toEqual(['D 2', 'D 3', 'C SELECT 2', 'Z T']);
    await answers('commit');
    client.execute(0, 'p');
    client.sync();
    expect(await client.until('Z')).toEqual(['E ERROR 34000 portal "p" does not exist', 'Z I']);
  });

  test('after an error everything up to Sync is passed over', async () => {
    await session();
    client.parse('select nope from numbers');
    client.bind();
    client.execute();
    client.query('select 1');
    client.sync();
    client.parse('select 1');
    client.bind();
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['E ERROR 42703 column "nope" does not exist @8', 'Z I']);
    expect(await client.until('Z')).toEqual(['1', '2', 'D 1', 'C SELECT 1', 'Z I']);
  });

  test('statements up to Sync are one transaction', async () => {
    await session();
    await answers('create table piped (n integer)');
    client.parse('insert into piped values ($1)', { name: 'i' });
    client.bind(['1'], { statement: 'i' });
    client.execute();
    client.bind(['x'], { statement: 'i' });
    client.execute();
    client.sync();
    expect((await client.until('Z')).at(-2)).toMatch(/^E ERROR 22P02 /);
    expect(await answers('select count(*) from piped')).toContain('D 0');
    client.bind(['1'], { statement: 'i' });
    client.execute();
    client.bind(['2'], { statement: 'i' });
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['2', 'C INSERT 0 1', '2', 'C INSERT 0 1', 'Z I']);
    expect(await answers('select count(*) from piped')).toContain('D 2');
  });

  test('BEGIN in a pipeline', async () => {
    await session();
    for (const text of ['begin', 'insert into numbers values (9, null)', 'rollback']) {
      client.parse(text);
      client.bind();
      client.execute();
    }
    client.sync();
    expect((await client.until('Z')).filter((line) => /^[CZE]/.test(line))).toEqual([
      'C BEGIN',
      'C INSERT 0 1',
      'C ROLLBACK',
      'Z I',
    ]);
  });

  test('an empty statement', async () => {
    await session();
    client.parse('');
    client.bind();
    client.describe('P');
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '2', 'n', 'I', 'Z I']);
  });

  test('Close forgets statements and portals, known or not', async () => {
    await session();
    client.parse('select 1', { name: 's' });
    client.send('C', 'Ss\0');
    client.send('C', 'Snever\0');
    client.send('C', 'Pnever\0');
    client.bind([], { statement: 's' });
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '3', '3', '3', 'E ERROR 26000 prepared statement "s" does not exist', 'Z I']);
  });

  test.each<[name: string, send: (client: RawClient) => void, error: RegExp]>([
    ['two statements', (c) => c.parse('select 1; select 2'), /^E ERROR 42601 cannot insert multiple commands/],
    ['a name that is taken', (c) => [c.parse('select 1', { name: 's' }), c.parse('select 1', { name: 's' })], /^E ERROR 42P05 /],
    [
      'too few parameters',
      (c) => [c.parse('select $1 + 1'), c.bind([])],
      /^E ERROR 08P01 bind message supplies 0 parameters, but .* requires 1/,
    ],
    [
      'bytes that are no integer',
      (c) => [c.parse('select $1 + 1', { types: [23] }), c.bind([int16(1)], { formats: [1] })],
      /^E ERROR 22P03 /,
    ],
    [
      'another number of formats than of parameters',
      (c) => [c.parse('select $1::int'), c.bind(['1'], { formats: [0, 0, 0] })],
      /^E ERROR 08P01 bind message has 3 parameter formats but 1 parameters$/,
    ],
    [
      'another number of formats than of columns',
      (c) => [c.parse('select 1, 2, 3'), c.bind([], { results: [0, 0] })],
      /^E ERROR 08P01 bind message has 2 result formats but query has 3 columns$/,
    ],
    [
      'a format that is none',
      (c) => [c.parse('select $1::int'), c.bind(['1'], { formats: [7] })],
      /^E ERROR 22023 unsupported format code: 7$/,
    ],
    ['parameter zero', (c) => c.parse('select $0'), /^E ERROR 42P02 there is no parameter \$0 @8$/],
    ['a parameter nobody can send', (c) => c.parse('select $99999999999::int'), /^E ERROR 42P02 /],
    ['a message that goes on', (c) => c.send('E', '\0', int32(0), 'more'), /^E ERROR (34000|08P01) /],
    ['a message that ends early', (c) => c.send('P', 'name'), /^E ERROR 08P01 /],
    ['a subtype that is none', (c) => c.send('D', 'Xname\0'), /^E ERROR 08P01 /],
  ])('%s', async (_name, send, error) => {
    await session();
    send(client);
    client.sync();
    expect((await client.until('Z')).at(-2)).toMatch(error);
    expect(await answers('select 1')).toContain('D 1');
  });

  test('a function call: its error is followed by ReadyForQuery, not by a wait for Sync', async () => {
    await session();
    client.send('F', int32(1), int16(0), int16(0), int16(0));
    expect(await client.until('Z')).toEqual(['E ERROR 0A000 the function call protocol is not supported', 'Z I']);
    expect(await answers('select 1')).toContain('D 1');
  });

  test.each<[name: string, send: (client: RawClient) => void, error: string]>([
    ['Bind', (c) => c.bind([], { statement: 'nope' }), 'E ERROR 26000 prepared statement "nope" does not exist'],
    ['Describe', (c) => c.describe('P', 'nope'), 'E ERROR 34000 portal "nope" does not exist'],
    ['Execute', (c) => c.execute(0, 'nope'), 'E ERROR 34000 portal "nope" does not exist'],
  ])('an error of %s itself undoes what came since the last Sync, and aborts a block', async (name, send, error) => {
    await session();
    await answers(`create table undone_${name} (n integer)`);
    client.parse(`insert into undone_${name} values (1)`);
    client.bind();
    client.execute();
    send(client);
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '2', 'C INSERT 0 1', error, 'Z I']);
    expect(await answers(`select count(*) from undone_${name}`)).toContain('D 0');
    await answers('begin');
    send(client);
    client.sync();
    expect(await client.until('Z')).toEqual([error, 'Z E']);
    await answers('rollback');
  });

  test('a simple query without a Sync before it goes on in the transaction, and ends it', async () => {
    await session();
    await answers('create table mixed (n integer)');
    const insert = (): void => {
      client.parse('insert into mixed values (1)');
      client.bind();
      client.execute();
    };
    insert();
    expect(await answers('select count(*) from mixed')).toEqual([
      '1',
      '2',
      'C INSERT 0 1',
      'T count:20',
      'D 1',
      'C SELECT 1',
      'Z I',
    ]);
    insert();
    expect((await answers('select nope')).slice(-2)).toEqual(['E ERROR 42703 column "nope" does not exist @8', 'Z I']);
    expect(await answers('select count(*) from mixed')).toContain('D 1');
  });

  test('the unnamed statement is gone after a simple query and after a Parse that failed', async () => {
    await session();
    const gone = 'E ERROR 26000 prepared statement "" does not exist';
    client.parse('select 1');
    await answers('select 2');
    client.bind();
    client.sync();
    expect(await client.until('Z')).toEqual([gone, 'Z I']);
    client.parse('select 1');
    client.sync();
    await client.until('Z');
    client.parse('selec 1');
    client.sync();
    await client.until('Z');
    client.bind();
    client.sync();
    expect(await client.until('Z')).toEqual([gone, 'Z I']);
  });

  test('a type declared as unknown is what the query makes of it', async () => {
    await session();
    client.parse('select $1 + 1', { types: [705] });
    client.describe('S');
    client.bind([int32(5)], { formats: [1] });
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['1', 't 23', 'T ?column?:23', '2', 'D 6', 'C SELECT 1', 'Z I']);
  });

  test('as many parameters as the protocol can count', async () => {
    await session();
    const count = 65_535;
    client.parse(`select count(*) from (values ${Array.from({ length: count }, (_, i) => `($${i + 1}::int)`).join(', ')}) v (n)`);
    client.describe('S');
    client.bind(Array.from({ length: count }, () => '1'));
    client.execute();
    client.sync();
    const [parsed, types = '', ...rest] = await client.until('Z');
    expect([parsed, types.slice(0, 8), ...rest]).toEqual(['1', 't 23 23 ', 'T count:20', '2', 'D 65535', 'C SELECT 1', 'Z I']);
  });

  test('a table that has changed its columns under a prepared statement', async () => {
    await session();
    await answers('create table changing (n integer)');
    client.parse('select * from changing', { name: 's' });
    client.sync();
    await client.until('Z');
    await answers('drop table changing; create table changing (n text)');
    client.bind([], { statement: 's' });
    client.execute();
    client.sync();
    expect((await client.until('Z')).at(-2)).toBe('E ERROR 0A000 cached plan must not change result type');
  });
});

/** As pgbouncer resets a connection, and psycopg 3 forgets a statement. */
describe('what poolers send', () => {
  const kept = async (name: string): Promise<boolean> => {
    client.bind([], { statement: name });
    client.sync();
    return (await client.until('Z')).at(0) === '2';
  };
  const keep = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) client.parse('select 1', { name });
    client.sync();
    await client.until('Z');
  };

  test('DEALLOCATE', async () => {
    await session();
    await keep('a', 'b', 'prepare');
    expect(await answers('deallocate a')).toEqual(['C DEALLOCATE', 'Z I']);
    expect(await answers('deallocate a')).toEqual(['E ERROR 26000 prepared statement "a" does not exist @1', 'Z I']);
    expect(await answers('deallocate prepare')).toEqual(['C DEALLOCATE', 'Z I']);
    expect([await kept('a'), await kept('b')]).toEqual([false, true]);
    expect(await answers('deallocate prepare all')).toEqual(['C DEALLOCATE ALL', 'Z I']);
    expect(await kept('b')).toBe(false);
  });

  test('DISCARD ALL goes back to what the client began with', async () => {
    client = await RawClient.session(server.port, { application_name: 'begun' });
    await keep('a');
    await answers("set application_name = 'other'; set statement_timeout = '9s'");
    expect((await answers('discard all')).filter((line) => line !== 'S')).toEqual(['C DISCARD ALL', 'Z I']);
    expect(await kept('a')).toBe(false);
    expect(await answers('show application_name; show statement_timeout')).toEqual(expect.arrayContaining(['D begun', 'D 0']));
    client.parse('discard all');
    client.bind();
    client.execute();
    client.sync();
    expect(await client.until('Z')).toEqual(['1', '2', 'C DISCARD ALL', 'Z I']);
  });

  test('DISCARD ALL is refused in a block; what a session never has is discarded there too', async () => {
    await session();
    await answers('begin');
    expect(await answers('discard temporary; discard plans; discard sequences')).toEqual([
      'C DISCARD TEMP',
      'C DISCARD PLANS',
      'C DISCARD SEQUENCES',
      'Z T',
    ]);
    expect(await answers('discard all')).toEqual(['E ERROR 25001 DISCARD ALL cannot run inside a transaction block @1', 'Z E']);
  });
});

describe('what is no protocol', () => {
  test.each<[name: string, send: (client: RawClient) => void]>([
    ['an unknown message', (c) => c.send('!', 'x')],
    ['a length below four', (c) => c.socket.write(Buffer.concat([Buffer.from('Q'), int32(3)]))],
    ['a negative length', (c) => c.socket.write(Buffer.concat([Buffer.from('Q'), int32(-1)]))],
  ])('%s ends its connection, and no other', async (_name, send) => {
    await session();
    const other = await RawClient.session(server.port);
    send(client);
    expect((await client.until('E')).at(-1)).toMatch(/^E FATAL 08P01 /);
    expect(await client.next()).toBeUndefined();
    other.query('select 1');
    expect(await other.until('Z')).toContain('D 1');
    await other.close();
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['noise', Buffer.alloc(64, 0xff)],
    ['a length and nothing', int32(9000)],
  ])('%s instead of a start-up packet', async (_name, bytes) => {
    client = await RawClient.connect(server.port);
    client.socket.end(bytes);
    expect((await client.until('E')).join('')).toMatch(/^(E FATAL 08P01 .*)?$/);
    expect(await client.next()).toBeUndefined();
  });
});

describe('COPY', () => {
  test('in: lines and rows need not be cut where messages are', async () => {
    await session();
    await answers('create table copied (n integer, t text)');
    client.query('copy copied from stdin');
    expect((await client.until('G')).at(-1)).toBe('G');
    for (const piece of ['1\ton', 'e\n2\t\\', 'N\n']) client.send('d', piece);
    client.send('c');
    expect(await client.until('Z')).toEqual(['C COPY 2', 'Z I']);
    expect(await answers('select * from copied order by n')).toEqual(['T n:23 t:25', 'D 1|one', 'D 2|null', 'C SELECT 2', 'Z I']);
  });

  test('in: CopyFail and bad data leave nothing, the session goes on', async () => {
    await session();
    await answers('create table untouched (n integer)');
    client.query('copy untouched from stdin');
    await client.until('G');
    client.send('d', '1\n');
    client.send('f', 'had enough\0');
    expect(await client.until('Z')).toEqual(['E ERROR 57014 COPY from stdin failed: had enough', 'Z I']);
    client.query('copy untouched from stdin');
    await client.until('G');
    client.send('d', '1\nx\n2\n');
    client.send('c');
    expect(await client.until('Z')).toEqual([expect.stringMatching(/^E ERROR 22P02 line 2, column 1 \(n\): /), 'Z I']);
    expect(await answers('select count(*) from untouched')).toContain('D 0');
  });

  test('out', async () => {
    await session();
    client.query('copy (select n, name from numbers where n in (1, 3) order by n) to stdout');
    const seen = [];
    for (let reply = await client.next(); reply !== undefined && reply.type !== 'Z'; reply = await client.next()) {
      seen.push(reply.type === 'd' ? reply.body.rest().toString() : reply.type);
    }
    expect(seen.join(' ')).toBe('H 1\tone\n3\t\\N\n c C');
  });

  test('through the extended protocol', async () => {
    await session();
    await answers('create table extended (n integer)');
    client.parse('copy extended from stdin');
    client.bind();
    client.execute();
    client.sync();
    await client.until('G');
    client.send('d', '1\n2\n');
    client.send('c');
    client.sync();
    expect(await client.until('Z')).toEqual(['C COPY 2', 'Z I']);
  });
});
