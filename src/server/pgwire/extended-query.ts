import type { RowsOutcome } from '../../engine/outcome.ts';
import type { ParameterInput } from '../../engine/parameters.ts';
import type { Prepared } from '../../engine/prepared.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import type { Batch } from '../../types/vector.ts';
import { binaryParameter } from './binary.ts';
import type { Connection } from './connection.ts';
import type { Body, Message } from './message-reader.ts';
import { sendOutcome } from './outcomes.ts';
import {
  columnFormats,
  commandComplete,
  dataRows,
  FORMAT,
  parameterDescription,
  rowDescription,
  unsupportedBinary,
} from './responses.ts';
import { typeOfOid, wireType } from './types.ts';

interface PreparedStatement {
  readonly text: string;
  /** Null: an empty text. */
  readonly prepared: Prepared | null;
  /** Types as the client declared them (0: not), by parameter. */
  readonly declared: readonly number[];
}

/** A portal whose rows are being read: what is left of the current batch, and the batches after it. */
interface OpenRows {
  readonly outcome: RowsOutcome;
  batch: Batch | undefined;
  at: number;
  sent: number;
}

interface Portal {
  readonly statement: PreparedStatement;
  readonly params: readonly ParameterInput[];
  readonly formats: readonly number[];
  rows: OpenRows | undefined;
  done: boolean;
}

/** The extended query protocol (55.2.3): named statements and portals of one connection. */
export class ExtendedQuery {
  readonly #connection: Connection;
  readonly #statements = new Map<string, PreparedStatement>();
  readonly #portals = new Map<string, Portal>();
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
      case 'C':
        return this.#close(body);
      case 'F':
        throw notSupported('the function call protocol', { hint: 'Use SELECT.' });
      default:
        throw new LumaError(SQLSTATE.protocolViolation, `invalid frontend message type "${type}"`);
    }
  }

  /** Sync ends the implicit transaction: portals do not outlive it outside a block. */
  async sync(): Promise<void> {
    if (this.#connection.session.transactionStatus === 'active') return;
    for (const name of this.#portals.keys()) await this.#closePortal(name);
  }

  #parse(body: Body): void {
    const name = body.text();
    const text = body.text();
    const declared = Array.from({ length: body.int16() }, () => body.int32());
    this.text = text;
    if (name !== '' && this.#statements.has(name)) {
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
    this.#statements.set(name, { text, prepared, declared });
    this.#connection.out.begin('1').end();
  }

  async #bind(body: Body): Promise<void> {
    const name = body.text();
    const statement = this.#statement(body.text());
    this.text = statement.text;
    const codes = Array.from({ length: body.int16() }, () => body.int16());
    const count = body.int16();
    const params = Array.from({ length: count }, (_, position) => {
      const length = body.int32();
      if (length < 0) return null;
      const bytes = body.bytes(length);
      const format = codes[codes.length === 1 ? 0 : position] ?? FORMAT.text;
      return format === FORMAT.binary ? binaryParameter(bytes, parameterOid(statement, position)) : bytes.toString();
    });
    const resultCodes = Array.from({ length: body.int16() }, () => body.int16());
    const schema = statement.prepared?.schema ?? [];
    const formats = columnFormats(resultCodes, schema.length);
    const refused = unsupportedBinary(schema, formats);
    if (refused !== undefined)
      throw notSupported(`the binary format of ${refused.kind}`, { hint: 'Ask for this column in text format.' });
    await this.#closePortal(name);
    this.#portals.set(name, { statement, params, formats, rows: undefined, done: false });
    this.#connection.out.begin('2').end();
  }

  #describe(body: Body): void {
    const { out } = this.#connection;
    if (String.fromCharCode(body.int8()) === 'S') {
      const { prepared, text } = this.#statement(body.text());
      this.text = text;
      parameterDescription(out, prepared?.parameterTypes ?? []);
      this.#describeRows(prepared, []);
      return;
    }
    const portal = this.#portal(body.text());
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
    const connection = this.#connection;
    const { prepared, text } = portal.statement;
    this.text = text;
    if (prepared === null) {
      connection.out.begin('I').end();
      return;
    }
    if (portal.done) {
      commandComplete(connection.out, 'SELECT 0');
      return;
    }
    await connection.cancellable(async (signal) => {
      if (portal.rows === undefined) {
        const outcome = await connection.session.execute(prepared, { params: portal.params, signal });
        if (outcome.kind !== 'rows') {
          portal.done = true;
          await sendOutcome(connection, outcome, { describe: false, formats: portal.formats });
          return;
        }
        portal.rows = { outcome, batch: undefined, at: 0, sent: 0 };
      }
      await this.#sendRows(portal, portal.rows, limit > 0 ? limit : Number.POSITIVE_INFINITY);
    });
  }

  /** Sends at most `limit` rows; a portal with more is suspended. */
  async #sendRows(portal: Portal, rows: OpenRows, limit: number): Promise<void> {
    const connection = this.#connection;
    let left = limit;
    for (;;) {
      if (rows.batch === undefined || rows.at >= rows.batch.length) {
        const next = await rows.outcome.batches.next();
        if (next.done === true) break;
        rows.batch = next.value;
        rows.at = 0;
        continue;
      }
      if (left === 0) {
        connection.out.begin('s').end();
        return;
      }
      const to = Math.min(rows.batch.length, rows.at + Math.min(left, 1024));
      dataRows(connection.out, rows.batch, portal.formats, rows.at, to);
      left -= to - rows.at;
      rows.sent += to - rows.at;
      rows.at = to;
      await connection.flushWhenLarge();
    }
    portal.done = true;
    portal.rows = undefined;
    const { command } = rows.outcome;
    commandComplete(connection.out, command === 'SELECT' ? `SELECT ${rows.sent}` : command);
  }

  async #close(body: Body): Promise<void> {
    const kind = String.fromCharCode(body.int8());
    const name = body.text();
    if (kind === 'S') this.#statements.delete(name);
    else await this.#closePortal(name);
    this.#connection.out.begin('3').end();
  }

  async #closePortal(name: string): Promise<void> {
    const portal = this.#portals.get(name);
    this.#portals.delete(name);
    await portal?.rows?.outcome.batches.return();
  }

  #statement(name: string): PreparedStatement {
    const statement = this.#statements.get(name);
    if (statement !== undefined) return statement;
    throw new LumaError(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`);
  }

  #portal(name: string): Portal {
    const portal = this.#portals.get(name);
    if (portal !== undefined) return portal;
    throw new LumaError('34000', `portal "${name}" does not exist`);
  }
}

/** What a client that declared no type must assume: the type that Describe would report. */
function parameterOid({ declared, prepared }: PreparedStatement, position: number): number {
  const given = declared[position] ?? 0;
  return given !== 0 ? given : wireType(prepared?.parameterTypes[position] ?? { kind: 'text' }).oid;
}
