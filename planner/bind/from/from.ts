import type { DerivedTable, Relation, RelationKind } from '../../../grammars/ast/relation.ts';
import { bindRelation } from '../query.ts';
import type { FromItem, InvisibleSource, Scope } from '../scope.ts';
import type { Environment } from '../session.ts';
import { aliasColumns, fromItem } from './alias.ts';
import { bindJoin } from './join.ts';
import { bindSeriesRelation } from './series-relation.ts';
import { bindTable } from './table.ts';
import { bindTableFunction } from './table-function.ts';

/** What stands to the left of a part of FROM: LATERAL may read `visible`, nothing may read `invisible`. */
export interface Lateral {
  readonly visible: readonly FromItem[];
  readonly invisible: readonly FromItem[];
}

type OfKind<K extends RelationKind> = Relation & { readonly kind: K };

/** One entry per kind: a kind without an entry fails compilation. */
const BIND: {
  readonly [K in RelationKind]: (relation: OfKind<K>, environment: Environment, lateral: Lateral) => FromItem;
} = {
  table: bindTable,
  derived: bindDerived,
  table_function: bindTableFunction,
  series_relation: bindSeriesRelation,
  join: bindJoin,
};

/** A FROM clause. */
export function bindFrom(relation: Relation, environment: Environment): FromItem {
  return bindFromPart(relation, environment, { visible: [], invisible: [] });
}

export function bindFromPart(relation: Relation, environment: Environment, lateral: Lateral): FromItem {
  // TypeScript cannot see that the entry found by `kind` takes this very relation.
  const bind = BIND[relation.kind] as (relation: Relation, environment: Environment, lateral: Lateral) => FromItem;
  return bind(relation, environment, lateral);
}

function bindDerived(derived: DerivedTable, environment: Environment, lateral: Lateral): FromItem {
  const outer = lateralScope(environment, lateral, derived.lateral);
  const { plan, outputs } = bindRelation(derived.query, { ...environment, outer });
  const names = outputs.map((output) => output.name);
  return fromItem(plan, derived.alias?.name ?? null, aliasColumns(names, derived.alias, derived.span));
}

/** The scope around a part of FROM: the enclosing query's, and, under LATERAL, what stands to the left. */
export function lateralScope(environment: Environment, lateral: Lateral, sees: boolean): Scope {
  const visible = sees ? lateral.visible : [];
  const invisible = (items: readonly FromItem[], because: InvisibleSource['because']): readonly InvisibleSource[] =>
    items.flatMap((item) => item.sources.map((source) => ({ ...source, because })));
  return {
    sources: visible.flatMap((item) => item.sources),
    columns: visible.flatMap((item) => item.columns),
    ids: new Set(visible.flatMap((item) => item.plan.columns.map((column) => column.id))),
    outer: environment.outer,
    aggregates: null,
    invisible: sees
      ? invisible(lateral.invisible, 'join type')
      : invisible([...lateral.visible, ...lateral.invisible], 'not lateral'),
  };
}
