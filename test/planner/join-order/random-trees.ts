import fc from 'fast-check';
import { createColumnFactory } from '../../../planner/bind/column-factory.ts';
import type { Catalog } from '../../../planner/catalog.ts';
import type { BoundExpression, Column } from '../../../planner/expression.ts';
import { isNullOf, logicalOf } from '../../../planner/expression-build.ts';
import { columnRef, joinOf, scanOf } from '../../../planner/logical/build.ts';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import { scalarCall } from '../../../planner/rules/support/functions.ts';

/** A join tree without columns: tables at the leaves, conditions as numbers that pick columns. */
export type TreeShape =
  | { readonly table: string }
  | {
      readonly type: 'inner' | 'left' | 'semi' | 'anti';
      readonly left: TreeShape;
      readonly right: TreeShape;
      readonly picks: readonly number[];
    };

export const treeShape: fc.Arbitrary<TreeShape> = fc.letrec<{ tree: TreeShape; leaf: TreeShape; join: TreeShape }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: 'large' }, tie('leaf'), tie('join'), tie('join')),
  leaf: fc.record({ table: fc.constantFrom('l', 'r', 's', 'r') }),
  join: fc.record({
    type: fc.constantFrom('inner', 'inner', 'left', 'semi', 'anti'),
    left: tie('tree'),
    right: tie('tree'),
    picks: fc.array(fc.nat(23), { minLength: 3, maxLength: 3 }),
  }),
})).join;

/** The tree as a plan over the catalog's tables, each leaf a scan of its own. */
export function planOf(shape: TreeShape, catalog: Catalog, factory = createColumnFactory()): LogicalPlan {
  if ('table' in shape) {
    const table = catalog.table(shape.table);
    if (table === undefined) throw new Error(`no table ${shape.table}`);
    const integers = table.columns.flatMap((column, at) => (column.type.kind === 'int32' ? [at] : []));
    const columns = integers.map((at) => {
      const column = table.columns[at];
      return factory.newColumn(column?.name ?? '', column?.type ?? { kind: 'int32' }, !(column?.notNull ?? false));
    });
    return scanOf(table, shape.table, integers, columns);
  }
  const left = planOf(shape.left, catalog, factory);
  const right = planOf(shape.right, catalog, factory);
  return joinOf(shape.type, left, right, conditionOf(shape.picks, left.columns, right.columns, catalog));
}

/** Mostly an equality between the sides; sometimes one that NULLs pass, another comparison, or nothing. */
function conditionOf(
  [kind = 0, first = 0, second = 0]: readonly number[],
  left: readonly Column[],
  right: readonly Column[],
  catalog: Catalog,
): readonly BoundExpression[] {
  const [a, b] = [left[first % left.length], right[second % right.length]];
  if (a === undefined || b === undefined) return [];
  const compare = (name: string) => scalarCall(catalog, name, [columnRef(a), columnRef(b)]);
  switch (kind) {
    case 0:
      return [];
    case 1:
      return [compare('less')];
    case 2:
      return [compare('is_not_distinct')];
    case 3:
      return [logicalOf('or', [compare('equal'), isNullOf(columnRef(a))])];
    case 4:
      return [logicalOf('or', [compare('equal'), isNullOf(columnRef(b))])];
    case 5:
      return [compare('equal'), isNullOf(columnRef(a))];
    default:
      return [compare('equal')];
  }
}
