import type { Statement } from '../../grammars/ast/statement.ts';
import { detectLanguage } from '../../grammars/detect.ts';
import { languageNamed } from '../../grammars/registry.ts';
import type { Catalog, TableStatistics } from '../../planner/catalog.ts';
import type { StepGrid } from '../../planner/series-plan.ts';
import type { Snapshot, StorageTransaction } from '../../storage/api.ts';
import type { ExecutionResult } from '../exec/executor.ts';
import type { DataType } from '../types/data-type.ts';
import { asLumaError, LumaError, SQLSTATE } from '../types/error.ts';
import type { Schema } from '../types/vector.ts';
import { catalogOf } from './catalog.ts';
import { type CompileContext, type Compiled, compileInsert, compileQuery, compileSeries } from './compile.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Engine } from './engine.ts';
import { bindParameters, type ParameterInput } from './parameters.ts';
import type { NamedStatement, Prepared } from './prepared.ts';
import type { CommandOutcome, Outcome } from './results/outcome.ts';
import { pulled } from './results/pull.ts';
import { type Progress, rowsOutcome } from './results/rows.ts';
import { Settings } from './settings.ts';
import { isPlannedFor } from './statement-cache.ts';
import { explainSchema } from './statements/explain-schema.ts';
import { show, showSchema } from './statements/show.ts';
import { TransactionState, type TransactionStatus } from './transaction.ts';

/** How a text is read. */
export interface ParseOptions {
  /** A language's name, or `auto`; default `lql`. */
  readonly dialect?: string | undefined;
}

export interface PrepareOptions {
  readonly parameterTypes?: readonly (DataType | undefined)[];
  /** The step grid of series statements, ms; default: one step, now. */
  readonly grid?: StepGrid | undefined;
}

export interface ExecuteOptions {
  readonly params?: readonly ParameterInput[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What statements may use of the session that runs them. */
export interface StatementContext {
  readonly engine: Engine;
  readonly session: Session;
  readonly deadline: Deadline;
  readonly options: ExecuteOptions;
}

/** One conversation with a database: its settings, its transaction, one statement at a time. */
export class Session {
  readonly settings = new Settings();
  /** Prepared statements by name; '' is the unnamed one of PostgreSQL's protocol. */
  readonly statements = new Map<string, NamedStatement>();
  readonly #engine: Engine;
  readonly #transaction: TransactionState;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#transaction = new TransactionState(engine.storage);
  }

  get transactionStatus(): TransactionStatus {
    return this.#transaction.status;
  }

  /** All statements of a text. Throws with the place of the first error. */
  parse(text: string, options: ParseOptions = {}): readonly Statement[] {
    const dialect = options.dialect ?? 'lql';
    try {
      return this.#engine.statements.statements(dialect, text, () =>
        languageNamed(dialect === 'auto' ? detectLanguage(text) : dialect).parse(text),
      );
    } catch (thrown) {
      this.#transaction.fail();
      throw asLumaError(thrown);
    }
  }

  /** Binds and plans; an error inside a transaction block aborts the block. */
  prepare(statement: Statement, options: PrepareOptions = {}): Prepared {
    return this.#guard(statement, () => {
      const snapshot = this.#transaction.snapshot();
      try {
        if (!this.#sharesPlans(statement, options)) return this.#prepare(statement, snapshot, options);
        return this.#engine.statements.plan(statement, snapshot) ?? this.#prepareToKeep(statement, snapshot);
      } finally {
        snapshot.release();
      }
    });
  }

  /** Runs a prepared statement; it is planned anew when a table it reads has changed its definition. */
  async execute(prepared: Prepared, options: ExecuteOptions = {}): Promise<Outcome> {
    const deadline = startDeadline(this.settings.statementTimeout, options.signal);
    try {
      this.#checkUsable(prepared.statement);
      deadline.check();
      const outcome = await this.#execute(prepared, { engine: this.#engine, session: this, deadline, options });
      return this.#watch(outcome, deadline);
    } catch (thrown) {
      deadline.stop();
      throw this.#failed(thrown, deadline);
    }
  }

  /** Parses a text and runs its statements one after the other, each when the outcome before it has been taken. */
  async *run(text: string, options: ParseOptions & PrepareOptions & ExecuteOptions = {}): AsyncGenerator<Outcome, void> {
    for (const statement of this.parse(text, options)) {
      yield await this.execute(this.prepare(statement, options), options);
    }
  }

  /** For surfaces: an error outside of any statement aborts an open block too. */
  fail(): void {
    this.#transaction.fail();
  }

  /** Gives up an open transaction. */
  close(): void {
    this.#transaction.rollback();
  }

  /** For statements: a consistent view that they release. */
  snapshot(): Snapshot {
    return this.#transaction.snapshot();
  }

  /** For statements: the open block's transaction, or one that commits when `work` resolves. */
  write<Result>(work: (transaction: StorageTransaction) => Promise<Result> | Result): Promise<Result> {
    return this.#transaction.write(work);
  }

  compileContext(catalog: Catalog, parameterTypes: readonly (DataType | undefined)[]): CompileContext {
    return { catalog, settings: this.settings, now: this.#transaction.now(), parameterTypes };
  }

  /** `read`: gets the statistics that are looked at. */
  catalog(snapshot: Snapshot, read?: Map<string, TableStatistics>): Catalog {
    return catalogOf(snapshot, this.#engine.storage.capabilities.zoneMaps, read);
  }

  /** Starts a compiled query over a snapshot, which the result releases. */
  start(compiled: Compiled, snapshot: Snapshot, context: StatementContext, analyze = false): Promise<ExecutionResult> {
    return this.#engine.executor.execute(compiled.physical, {
      snapshot,
      parameters: bindParameters(compiled.physical.parameters, context.options.params ?? []),
      signal: context.deadline.signal,
      onProgress: context.options.onProgress,
      memoryLimit: this.settings.memoryLimit || undefined,
      analyze,
    });
  }

  /** Whether its plan follows from the text and the tables alone. */
  #sharesPlans(statement: Statement, { parameterTypes = [] }: PrepareOptions): boolean {
    return statement.kind === 'query_statement' && parameterTypes.length === 0 && this.settings.disabledRules.size === 0;
  }

  #prepareToKeep(statement: Statement, snapshot: Snapshot): Prepared {
    const statistics = new Map<string, TableStatistics>();
    const prepared = this.#prepare(statement, snapshot, {}, this.catalog(snapshot, statistics));
    if (prepared.compiled?.fixedTime === false) this.#engine.statements.keep(prepared, statistics);
    return prepared;
  }

  #prepare(
    statement: Statement,
    snapshot: Snapshot,
    options: PrepareOptions,
    catalog: Catalog = this.catalog(snapshot),
  ): Prepared {
    const context = this.compileContext(catalog, options.parameterTypes ?? []);
    const compiled = compileStatement(statement, context, options.grid);
    return {
      statement,
      options,
      compiled,
      schema: schemaOf(statement, compiled),
      parameterTypes: compiled?.physical.parameters ?? [],
      tables: snapshot.tables(),
    };
  }

  async #execute(prepared: Prepared, context: StatementContext): Promise<Outcome> {
    const { statement } = prepared;
    switch (statement.kind) {
      case 'query_statement':
      case 'series_statement': {
        const snapshot = this.#transaction.snapshot();
        try {
          const compiled = this.#current(prepared, snapshot);
          return rowsOutcome('SELECT', await this.start(compiled, snapshot, context), snapshot);
        } catch (thrown) {
          snapshot.release();
          throw thrown;
        }
      }
      // What runs a statement is loaded with the first of its kind, so that a start does not pay for it.
      case 'insert':
        return (await import('./statements/insert.ts')).insert(statement, context, (snapshot) =>
          this.#current(prepared, snapshot),
        );
      case 'create_table':
        return (await import('./statements/create-table.ts')).createTable(statement, context, (snapshot) =>
          this.#current(prepared, snapshot),
        );
      case 'drop_table':
        return (await import('./statements/drop-table.ts')).dropTables(statement, context);
      case 'copy':
        return (await import('./statements/copy.ts')).copy(statement, context);
      case 'explain': {
        const { explain } = await import('./statements/explain.ts');
        return explain(statement, context, prepared.compiled === null ? null : (snapshot) => this.#current(prepared, snapshot));
      }
      case 'analyze':
        return (await import('./statements/analyze.ts')).analyzeTables(statement, context);
      case 'transaction':
        return this.#control(statement.action);
      case 'set':
        if (statement.local && statement.value !== null) this.settings.setLocal(statement.name, statement.value);
        else this.settings.set(statement.name, statement.value);
        return { kind: 'command', tag: statement.value === null ? 'RESET' : 'SET' };
      case 'show':
        return show(statement, this.settings);
      case 'deallocate':
        return (await import('./statements/discard.ts')).deallocate(statement, this);
      case 'discard':
        return (await import('./statements/discard.ts')).discard(statement, this);
    }
  }

  /** The plan as prepared, or a new one when it holds a time, or the definitions it was made for are not the snapshot's. */
  #current(prepared: Prepared, snapshot: Snapshot): Compiled {
    const { compiled, statement, options } = prepared;
    const reusable = compiled?.fixedTime === false && isPlannedFor(prepared, snapshot);
    const current = reusable ? compiled : this.#prepare(statement, snapshot, options).compiled;
    if (current === null) throw new LumaError(SQLSTATE.internalError, `a ${statement.kind} has no plan`);
    return current;
  }

  async #control(action: 'begin' | 'commit' | 'rollback'): Promise<CommandOutcome> {
    switch (action) {
      case 'begin':
        if (this.#transaction.begin()) this.settings.begin();
        return { kind: 'command', tag: 'BEGIN' };
      case 'commit': {
        const wasOpen = this.#transaction.status !== 'idle';
        let kept = false;
        try {
          kept = await this.#transaction.commit();
        } finally {
          this.settings.end(kept);
        }
        return { kind: 'command', tag: kept || !wasOpen ? 'COMMIT' : 'ROLLBACK' };
      }
      case 'rollback':
        this.#transaction.rollback();
        this.settings.end(false);
        return { kind: 'command', tag: 'ROLLBACK' };
    }
  }

  #checkUsable(statement: Statement): void {
    if (statement.kind !== 'transaction' || statement.action === 'begin') this.#transaction.checkUsable();
  }

  #guard<Result>(statement: Statement, work: () => Result): Result {
    try {
      this.#checkUsable(statement);
      return work();
    } catch (thrown) {
      this.#transaction.fail();
      throw asLumaError(thrown);
    }
  }

  /** Rows are produced while they are read: an error there is the statement's too, and the deadline runs until the end. */
  #watch(outcome: Outcome, deadline: Deadline): Outcome {
    const around = { failed: (thrown: unknown) => this.#failed(thrown, deadline), ended: () => deadline.stop() };
    switch (outcome.kind) {
      case 'rows':
        return { ...outcome, batches: pulled(outcome.batches, around) };
      case 'copy_out':
        return { ...outcome, data: pulled(outcome.data, around) };
      case 'copy_in':
        return {
          ...outcome,
          load: async (data) => {
            try {
              return await outcome.load(data);
            } catch (thrown) {
              throw this.#failed(thrown, deadline);
            } finally {
              deadline.stop();
            }
          },
        };
      case 'command':
        deadline.stop();
        return outcome;
    }
  }

  #failed(thrown: unknown, deadline: Deadline): LumaError {
    this.#transaction.fail();
    return deadline.explain(thrown);
  }
}

function compileStatement(statement: Statement, context: CompileContext, grid: StepGrid | undefined): Compiled | null {
  switch (statement.kind) {
    case 'query_statement':
      return compileQuery(statement.query, context);
    case 'series_statement':
      return compileSeries(statement.expression, grid, context);
    case 'insert':
      return compileInsert(statement, context);
    case 'create_table':
      return statement.query === null ? null : compileQuery(statement.query, context);
    case 'explain':
      return compileStatement(statement.statement, context, grid);
    default:
      return null;
  }
}

function schemaOf(statement: Statement, compiled: Compiled | null): Schema | null {
  switch (statement.kind) {
    case 'query_statement':
    case 'series_statement':
      return compiled?.physical.output ?? null;
    case 'explain':
      return explainSchema();
    case 'show':
      return showSchema(statement.name);
    default:
      return null;
  }
}
