import type { Statement } from '../../grammars/ast/statement.ts';
import type { TableDefinition } from '../../storage/api.ts';
import type { DataType } from '../types/data-type.ts';
import type { Schema } from '../types/vector.ts';
import type { Compiled } from './compile.ts';
import type { PrepareOptions } from './session.ts';

/** A statement ready to be executed any number of times. */
export interface Prepared {
  readonly statement: Statement;
  readonly options: PrepareOptions;
  /** Types of `$1`…; null where nothing says. */
  readonly parameterTypes: readonly (DataType | null)[];
  /** The rows it gives; null for a command. */
  readonly schema: Schema | null;
  /** Present for what runs as a query. */
  readonly compiled: Compiled | null;
  /** The definitions `compiled` was planned against: it is planned anew when they are others. */
  readonly tables: readonly TableDefinition[];
}

/** A prepared statement that a session keeps under a name. */
export interface NamedStatement {
  readonly text: string;
  /** Null: an empty text. */
  readonly prepared: Prepared | null;
  /** Types as the client declared them (PostgreSQL's object ids; 0: not), by parameter. */
  readonly declared: readonly number[];
}
