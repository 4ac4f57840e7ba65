import type { SeriesAggregate } from '../../../../planner/series-plan.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { METRIC_NAME } from '../../../types/series.ts';
import type { QueryRun } from '../../query-run.ts';
import { dropLabels, keepLabels, type LabelSet } from '../labels/labels.ts';

/** Rows of a matrix by group; `members` lists the rows of each group in order. */
export interface Groups {
  readonly labels: readonly LabelSet[];
  readonly members: readonly (readonly number[])[];
}

export function groupSeries(series: readonly LabelSet[], grouping: SeriesAggregate<unknown>['grouping']): Groups {
  const names = new Set(grouping.type === 'without' ? [...grouping.labels, METRIC_NAME] : grouping.labels);
  return groupBy(series, (labels) => (grouping.type === 'by' ? keepLabels(labels, names) : dropLabels(labels, names)));
}

/** Groups the rows by the label set that `key` gives, in order of first appearance. */
export function groupBy(series: readonly LabelSet[], key: (labels: LabelSet) => LabelSet): Groups {
  const groups = new Map<string, { readonly labels: LabelSet; readonly rows: number[] }>();
  series.forEach((each, row) => {
    const labels = key(each);
    const group = groups.get(labels.key);
    if (group === undefined) groups.set(labels.key, { labels, rows: [row] });
    else group.rows.push(row);
  });
  const all = [...groups.values()];
  return { labels: all.map((group) => group.labels), members: all.map((group) => group.rows) };
}

/** The members in shared memory: group g has the rows at `rows[starts[g]]` … `rows[starts[g + 1] − 1]`, all int32. */
export function layMembers(run: QueryRun, { members }: Groups): { readonly starts: Pointer; readonly rows: Pointer } {
  const total = members.reduce((sum, rows) => sum + rows.length, 0);
  const starts = run.allocate((members.length + 1) * 4, 'groups');
  const rows = run.allocate(total * 4 + 4, 'groups');
  const startView = run.memory.i32(starts, members.length + 1);
  const rowView = run.memory.i32(rows, total);
  let at = 0;
  members.forEach((group, i) => {
    startView[i] = at;
    rowView.set(group, at);
    at += group.length;
  });
  startView[members.length] = at;
  return { starts, rows };
}
