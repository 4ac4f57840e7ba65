import type { NamedStatement, Prepared } from '../../../engine/prepared.ts';
import type { Outcome } from '../../../engine/results/outcome.ts';
import { sameType } from '../../../types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../types/error.ts';
import { decodeUtf8 } from '../../../types/utf8.ts';
import type { Connection } from '../connection.ts';
import type { Body } from '../messages/body.ts';
import type { Message } from '../messages/message-reader.ts';
import {
  columnFormats,
  commandComplete,
  FORMAT,
  parameterDescription,
  rowDescription,
  unsupportedBinary,
} from '../messages/responses.ts';
import { binaryParameter } from '../values/binary-read.ts';
import { OID, typeOfOid, wireType } from '../values/types.ts';
import { ImplicitBlock } from './implicit-block.ts';
import { sendOutcome } from './outcomes.ts';
import { Portal } from './portal.ts';

/** The extended query protocol (55.2.3): statements and portals by name. */
export class ExtendedQuery {
  readonly #connection: Connection;
  readonly #portals = new Map<string, Portal>();
  #block: ImplicitBlock | undefined;
  /** The text that the last error's position counts in. */
  text = '';

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async handle({ type, body }: Message): Promise<void> {
    switch (type) {
      case 'P':
        return this.#parse(body);
      case 'B':
        return this.#bind(body);
      case 'D':
        return this.#describe(body);
      case 'E':
        return this.#execute(body);
      default:
        return this.#close(body);
    }
  }

  /** Sync ends the implicit transaction. Throws what its commit throws. */
  async sync(): Promise<void> {
    await this.#takeBlock().end();
  }

  /**
   * A simple query comes, also without a Sync before it: it goes on in the transaction that is open, which its end ends, and
   * the unnamed statement and portal are gone (exec_simple_query).
   */
  async giveWay(): Promise<ImplicitBlock> {
    this.#connection.session.statements.delete('');
    await this.#closePortal('');
    return this.#takeBlock();
  }

  /** Portals do not outlive their transaction. */
  async closeFinished(): Promise<void> {
    if (this.#connection.session.transactionStatus === 'active') return;
    for (const name of this.#portals.keys()) await this.#closePortal(name);
  }

  /** The connection ends: portals give back what they hold. */
  async close(): Promise<void> {
    for (const name of this.#portals.keys()) await this.#closePortal(name);
  }

  #takeBlock(): ImplicitBlock {
    const block = this.#block;
    this.#block = undefined;
    return block ?? new ImplicitBlock(this.#connection.session);
  }

  #parse(body: Body): void {
    const name = body.text();
    const text = body.text();
    const declared = Array.from({ length: body.count() }, () => body.int32());
    body.end();
    this.text = text;
    if (name === '') this.#connection.session.statements.delete(name);
    else if (this.#connection.session.statements.has(name)) {
      throw new LumaError('42P05', `prepared statement "${name}" already exists`);
    }
    const { session } = this.#connection;
    const [statement, ...more] = session.parse(text);
    if (more.length > 0) {
      throw new LumaError(SQLSTATE.syntaxError, 'cannot insert multiple commands into a prepared statement', {
        span: more[0]?.span,
      });
    }
    const prepared = statement === undefined ? null : session.prepare(statement, { parameterTypes: declared.map(typeOfOid) });
    this.#connection.session.statements.set(name, { text, prepared, declared });
    this.#connection.out.begin('1').end();
  }

  async #bind(body: Body): Promise<void> {
    const name = body.text();
    const statement = this.#statement(body.text());
    this.text = statement.text;
    const codes = Array.from({ length: body.count() }, () => body.int16());
    const supplied = body.count();
    checkFormats(codes, supplied, 'parameter formats', `${supplied} parameters`);
    const params = Array.from({ length: supplied }, (_, position) => {
      const length = body.int32();
      if (length === -1) return null;
      const bytes = body.bytes(length);
      const format = codes[codes.length === 1 ? 0 : position] ?? FORMAT.text;
      return format === FORMAT.binary ? binaryParameter(bytes, parameterOid(statement, position)) : decodeUtf8(bytes);
    });
    const resultCodes = Array.from({ length: body.count() }, () => body.int16());
    body.end();
    const schema = statement.prepared?.schema ?? [];
    const wanted = statement.prepared?.parameterTypes.length ?? 0;
    if (params.length !== wanted) {
      const message = `bind message supplies ${params.length} parameters, but the statement requires ${wanted}`;
      throw new LumaError(SQLSTATE.protocolViolation, message);
    }
    // A command without rows takes any number of codes, as there.
    if (statement.prepared?.schema != null) {
      checkFormats(resultCodes, schema.length, 'result formats', `query has ${schema.length} columns`);
    }
    const formats = columnFormats(resultCodes, schema.length);
    const refused = unsupportedBinary(schema, formats);
    if (refused !== undefined) throw notSupported(`the binary format of ${refused}`, { hint: 'Ask for this column as text.' });
    if (name !== '' && this.#portals.has(name)) throw new LumaError('42P03', `cursor "${name}" already exists`);
    await this.#closePortal(name);
    this.#portals.set(name, new Portal(statement, params, formats));
    this.#connection.out.begin('2').end();
  }

  #describe(body: Body): void {
    const { out } = this.#connection;
    const [kind, name] = target(body);
    if (kind === 'S') {
      const statement = this.#statement(name);
      this.text = statement.text;
      parameterDescription(
        out,
        (statement.prepared?.parameterTypes ?? []).map((_, position) => parameterOid(statement, position)),
      );
      this.#describeRows(statement.prepared, []);
      return;
    }
    const portal = this.#portal(name);
    this.text = portal.statement.text;
    this.#describeRows(portal.statement.prepared, portal.formats);
  }

  #describeRows(prepared: Prepared | null, formats: readonly number[]): void {
    if (prepared?.schema == null) this.#connection.out.begin('n').end();
    else rowDescription(this.#connection.out, prepared.schema, formats);
  }

  async #execute(body: Body): Promise<void> {
    const portal = this.#portal(body.text());
    const limit = body.int32();
    body.end();
    const { prepared, text } = portal.statement;
    this.text = text;
    if (prepared === null) {
      this.#connection.out.begin('I').end();
      return;
    }
    await this.#connection.cancellable(portal.controller, async () => {
      if (!portal.started && !portal.done) await this.#start(portal, prepared);
      else if (portal.done) this.#again(prepared);
      await portal.sendRows(this.#connection, limit > 0 ? limit : Number.POSITIVE_INFINITY);
    });
  }

  /** Runs a portal's statement; rows stay with the portal. */
  async #start(portal: Portal, prepared: Prepared): Promise<void> {
    const connection = this.#connection;
    this.#block ??= new ImplicitBlock(connection.session);
    if (await this.#block.before(prepared.statement)) {
      portal.finish();
      commandComplete(connection.out, 'BEGIN');
      return;
    }
    const outcome = await connection.session.execute(prepared, { params: portal.params, signal: portal.controller.signal });
    if (outcome.kind === 'rows') {
      portal.open(outcome);
      checkUnchanged(prepared, outcome);
      return;
    }
    portal.finish();
    await sendOutcome(connection, outcome);
  }

  /** A portal that has come to its end: a query gives no more rows, a command does not run twice. */
  #again({ schema }: Prepared): void {
    if (schema === null) throw new LumaError('55000', 'portal cannot be run anymore');
    commandComplete(this.#connection.out, 'SELECT 0');
  }

  async #close(body: Body): Promise<void> {
    const [kind, name] = target(body);
    if (kind === 'S') this.#connection.session.statements.delete(name);
    else await this.#closePortal(name);
    this.#connection.out.begin('3').end();
  }

  async #closePortal(name: string): Promise<void> {
    const portal = this.#portals.get(name);
    this.#portals.delete(name);
    await portal?.close();
  }

  #statement(name: string): NamedStatement {
    const statement = this.#connection.session.statements.get(name);
    if (statement !== undefined) return statement;
    throw new LumaError(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`);
  }

  #portal(name: string): Portal {
    const portal = this.#portals.get(name);
    if (portal !== undefined) return portal;
    throw new LumaError('34000', `portal "${name}" does not exist`);
  }
}

/** What Describe and Close are about: a statement (S) or a portal (P). */
function target(body: Body): readonly [kind: string, name: string] {
  const kind = String.fromCharCode(body.int8());
  const name = body.text();
  body.end();
  if (kind === 'S' || kind === 'P') return [kind, name];
  throw new LumaError(SQLSTATE.protocolViolation, `invalid message subtype "${kind}"`);
}

/** Format codes are none, one for all, or one for each (55.7, Bind). */
function checkFormats(codes: readonly number[], count: number, what: string, whose: string): void {
  if (codes.length > 1 && codes.length !== count) {
    throw new LumaError(SQLSTATE.protocolViolation, `bind message has ${codes.length} ${what} but ${whose}`);
  }
  const unknown = codes.find((code) => code !== FORMAT.text && code !== FORMAT.binary);
  if (unknown !== undefined) throw new LumaError(SQLSTATE.invalidParameterValue, `unsupported format code: ${unknown}`);
}

/** A parameter's type as the client declared it; what the query makes of it where it did not (drivers rely on this). */
function parameterOid({ declared, prepared }: NamedStatement, position: number): number {
  const given = declared[position] ?? 0;
  return given !== 0 && given !== OID.unknown ? given : wireType(prepared?.parameterTypes[position] ?? { kind: 'text' }).oid;
}

/** A statement planned anew for a changed table must give the columns that were described. */
function checkUnchanged(prepared: Prepared, outcome: Extract<Outcome, { kind: 'rows' }>): void {
  const before = prepared.schema ?? [];
  const now = outcome.schema;
  const same = now.length === before.length && now.every((field, i) => sameType(field.type, before[i]?.type ?? field.type));
  if (same) return;
  throw new LumaError('0A000', 'cached plan must not change result type', { hint: 'Prepare the statement again.' });
}
