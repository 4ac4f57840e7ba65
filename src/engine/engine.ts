import type { StorageEngine } from '../../storage/api.ts';
import type { Executor } from '../exec/executor.ts';
import type { StatementCache } from './statement-cache.ts';

/** What all sessions of one database share. */
export interface Engine {
  readonly storage: StorageEngine;
  readonly executor: Executor;
  readonly statements: StatementCache;
}
