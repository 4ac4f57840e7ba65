import type { Column } from '../../../../planner/expression.ts';
import type { PhysicalJoinType, PhysicalPlan } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import { BOOLEAN } from '../../../types/data-type.ts';
import { newValue } from '../../expression/values.ts';
import type { Row, Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';

/** What both joins have in common. */
export interface AnyJoin {
  readonly node: number;
  readonly type: PhysicalJoinType;
  readonly columns: readonly Column[];
  readonly mark: Column | null;
}

export function noRows(columns: readonly Column[]): Stream {
  return { branches: [], columns, ordered: true };
}

/** The join when `other`, the side that is not preserved, has no rows. */
export async function withoutMatches(join: AnyJoin, preserved: () => Promise<Stream>, other: PhysicalPlan): Promise<Stream> {
  if (join.type === 'inner' || join.type === 'semi') return noRows(join.columns);
  const missing = join.type === 'left' ? other.columns : join.mark === null ? [] : [join.mark];
  return addStep(await preserved(), join.columns, {
    node: join.node,
    emit: (_, row, next) => {
      const value = join.type === 'left' ? nullOf : (_column: Column, { f }: Row): Value => newValue(f, BOOLEAN);
      next(row.with(new Map(missing.map((column) => [column.id, (below: Row) => value(column, below)] as const))));
    },
  });
}

function nullOf(column: Column, { f }: Row): Value {
  const isNull = f.local('i32');
  f.i32(1).set(isNull);
  return { ...newValue(f, column.type), isNull };
}
