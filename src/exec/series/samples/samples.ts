import type { Pointer } from '../../../memory/shared-memory.ts';
import type { LabelSet } from '../labels/labels.ts';

/**
 * Samples of labelled series in shared memory, series by series, each in time order, a time at most once. Series s has the
 * samples `starts[s]` … `ends[s]` − 1 (int32 each); `times` are ms (int64), `values` doubles.
 */
export interface Samples {
  readonly series: readonly LabelSet[];
  readonly count: number;
  readonly starts: Pointer;
  readonly ends: Pointer;
  readonly times: Pointer;
  readonly values: Pointer;
  /** Whether staleness markers may be among the values. */
  readonly mayBeStale: boolean;
}
