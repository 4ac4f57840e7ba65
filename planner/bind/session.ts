import type { CommonTable } from '../../grammars/ast/relation.ts';
import type { DataType } from '../../src/types/data-type.ts';
import type { Catalog } from '../catalog.ts';
import type { ColumnFactory } from '../rules/rule.ts';
import { ParameterTypes } from './parameters.ts';
import type { Scope } from './scope.ts';

/** What binding depends on besides the statement and the catalog. */
export interface BindOptions {
  readonly columns: ColumnFactory;
  /** The transaction's time, ns since 1970: the value of `now()` and its kin. */
  readonly now: bigint;
  /** How far an instant selector looks back, ms. Default 5 minutes, as Prometheus. */
  readonly lookback?: number;
  /** The step of a subquery that names none, ms. Default 1 minute, as Prometheus. */
  readonly evaluationInterval?: number;
  /** Types that the client gave for `$1`…; undefined where it gave none. */
  readonly parameterTypes?: readonly (DataType | undefined)[];
}

/** State of one binding: one statement, one session. */
export interface BindSession {
  readonly catalog: Catalog;
  readonly columns: ColumnFactory;
  readonly now: bigint;
  readonly lookback: number;
  readonly evaluationInterval: number;
  readonly parameters: ParameterTypes;
}

export function createSession(catalog: Catalog, options: BindOptions): BindSession {
  return {
    catalog,
    columns: options.columns,
    // Read when a query asks for the time, so that the caller can tell whether its plan depends on it.
    get now() {
      return options.now;
    },
    lookback: options.lookback ?? 300_000,
    evaluationInterval: options.evaluationInterval ?? 60_000,
    parameters: new ParameterTypes(options.parameterTypes ?? []),
  };
}

/** Where a query stands: the queries around it and the common tables it may name. */
export interface Environment {
  readonly session: BindSession;
  /** Scope of the query around this one, for correlated references. */
  readonly outer: Scope | null;
  readonly commonTables: ReadonlyMap<string, CommonTableEntry>;
}

/** A WITH entry; each reference binds it anew in the environment of its definition. */
export interface CommonTableEntry {
  readonly definition: CommonTable;
  readonly environment: Environment;
  /** How often it was read. */
  references: number;
}
