import type { BlockFilter } from './block-filter.ts';
import type { SourceColumn } from './columns.ts';
import type { LanePredicate } from './lane-predicate.ts';

/** What part of the rows passes the filter, if values are spread evenly between the column's bounds and columns are independent. */
export function passFraction({ comparisons, flags, nulls }: BlockFilter, columns: readonly SourceColumn[]): number {
  const unknown = 0.5 ** (flags.length + nulls.length);
  return comparisons.reduce((part, comparison) => part * fractionOf(comparison, columns[comparison.position]), unknown);
}

function fractionOf({ comparison, constant }: LanePredicate, column: SourceColumn | undefined): number {
  const ends = column?.bounds ?? column?.range;
  if (column === undefined || ends == null || column.hasNulls) return 0.5;
  const [min, width] = [Number(ends.min), Number(ends.max) - Number(ends.min)];
  const below = width === 0 ? 0.5 : Math.min(1, Math.max(0, (Number(constant) - min) / width));
  switch (comparison) {
    case 'less':
    case 'less_equal':
      return below;
    case 'greater':
    case 'greater_equal':
      return 1 - below;
    case 'equal':
      return 0;
    case 'not_equal':
      return 1;
  }
}
