/** What a scan read. */
export interface ScanStatistics {
  /** Bytes of the column chunks that were delivered. */
  readonly bytes: number;
  /** Segments of the table, read and pruned together. */
  readonly segments: number;
  /** Segments that zone maps excluded. */
  readonly segmentsPruned: number;
}

/** What one physical operator did, summed over threads. */
export interface NodeStatistics {
  /** Rows it delivered. */
  readonly rows: number;
  /**
   * Milliseconds until it could deliver its first row, with what its inputs needed for that: PostgreSQL's start-up time. What
   * delivers rows as it gets them runs in the pipeline of the operator that collects them, and its time is there.
   */
  readonly readyMs: number;
  /** Present for table scans. */
  readonly scan: ScanStatistics | null;
}

/** What one execution did; filled by the executor, read by EXPLAIN ANALYZE and by `result.stats`. */
export interface ExecutionStatistics {
  /** By `PhysicalPlan.node`. */
  readonly nodes: ReadonlyMap<number, NodeStatistics>;
  /** Binding, rewriting, planning. */
  readonly planningMs: number;
  /** Emitting and compiling WebAssembly. */
  readonly compileMs: number;
  readonly executionMs: number;
  /** Most bytes the query held at once. */
  readonly peakMemory: number;
}
