import type { Statement } from '../../grammars/ast/statement.ts';
import type { TableStatistics } from '../../planner/catalog.ts';
import type { Snapshot } from '../../storage/api.ts';
import type { Prepared } from './prepared.ts';

/** Texts kept, the least recently used given up first. */
const CAPACITY = 256;
/** Longer texts are mostly data, and come once. */
const LONGEST_TEXT = 16_384;

/**
 * What the sessions of a database keep of statements they have seen: the tree of a text, and the plan of a tree.
 * A plan is reused only for the very tables, with the very statistics, that it was made for.
 */
export class StatementCache {
  readonly #parsed = new Map<string, readonly Statement[]>();
  /** By trees that are in `#parsed`, or that a client holds. */
  readonly #plans = new WeakMap<Statement, KeptPlan>();

  /** The statements of a text, parsed at most once while it is remembered. */
  statements(dialect: string, text: string, parse: () => readonly Statement[]): readonly Statement[] {
    if (text.length > LONGEST_TEXT) return parse();
    const key = `${dialect}\0${text}`;
    const known = this.#parsed.get(key);
    this.#parsed.delete(key);
    const statements = known ?? parse();
    this.#parsed.set(key, statements);
    const [oldest] = this.#parsed.size > CAPACITY ? this.#parsed.keys() : [];
    if (oldest !== undefined) this.#parsed.delete(oldest);
    return statements;
  }

  /** The plan that was kept for the statement, when planning over the snapshot would give it again. */
  plan(statement: Statement, snapshot: Snapshot): Prepared | undefined {
    const kept = this.#plans.get(statement);
    if (kept === undefined || !isPlannedFor(kept.prepared, snapshot)) return undefined;
    for (const [table, statistics] of kept.statistics) if (snapshot.statistics(table) !== statistics) return undefined;
    return kept.prepared;
  }

  /** `statistics`: those that planning looked at, by table. */
  keep(prepared: Prepared, statistics: ReadonlyMap<string, TableStatistics>): void {
    this.#plans.set(prepared.statement, { prepared, statistics });
  }
}

interface KeptPlan {
  readonly prepared: Prepared;
  readonly statistics: ReadonlyMap<string, TableStatistics>;
}

/** Whether the tables of the snapshot have the definitions that the statement was planned for. */
export function isPlannedFor({ tables }: Prepared, snapshot: Snapshot): boolean {
  const present = snapshot.tables();
  return present.length === tables.length && tables.every((table, i) => present[i] === table);
}
