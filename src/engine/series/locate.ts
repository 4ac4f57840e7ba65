import { metricsOf } from '../../../planner/bind/series/metrics.ts';
import type { Session } from '../session.ts';

/** Where a metric's samples lie. */
export interface MetricLocation {
  readonly table: string;
  /** A TIMESTAMP column. */
  readonly time: string;
  /** A DOUBLE PRECISION column. */
  readonly value: string;
  /** TEXT columns. */
  readonly labels: readonly string[];
}

/** The metrics that the tables of a database hold as a series language reads them; those in other types are left out. */
export function locateMetrics(session: Session): ReadonlyMap<string, MetricLocation> {
  const snapshot = session.snapshot();
  try {
    const metrics = session.catalog(snapshot).tables().flatMap(metricsOf);
    const plain = metrics.filter(
      ({ time, field, tags }) =>
        time.type.kind === 'timestamp' && field.type.kind === 'float64' && tags.every((tag) => tag.type.kind === 'text'),
    );
    return new Map(
      plain.map(({ name, table, time, field, tags }) => [
        name,
        { table: table.name, time: time.name, value: field.name, labels: tags.map((tag) => tag.name) },
      ]),
    );
  } finally {
    snapshot.release();
  }
}
