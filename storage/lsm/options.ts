/**
 * When a commit counts as durable. `always`: each has its own fsync; `group_commit`: those that wait together share one;
 * `interval`: fsync every `syncIntervalMs`, so a crash of the machine (not of the process) may lose that much; `off`:
 * the operating system decides.
 */
export type SyncMode = 'always' | 'group_commit' | 'interval' | 'off';
