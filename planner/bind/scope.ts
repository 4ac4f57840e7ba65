import type { ColumnReference } from '../../grammars/ast/expression.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { didYouMean } from '../../src/types/nearest.ts';
import type { Span } from '../../src/types/span.ts';
import type { BoundExpression, Column, ColumnId } from '../expression.ts';
import { columnRef } from '../logical/build.ts';
import type { LogicalPlan } from '../logical/plan.ts';
import type { AggregateSink } from './expression/context.ts';

/** A name and what it stands for: a column, or, for a merged column of FULL JOIN USING, an expression over columns. */
export interface ScopeColumn {
  readonly name: string;
  readonly expression: BoundExpression;
}

/** A relation of FROM under the name that qualifies its columns; null when it has none. */
export interface ScopeSource {
  readonly name: string | null;
  readonly columns: readonly ScopeColumn[];
}

/** A source out of sight: for want of LATERAL, or because a RIGHT or FULL join combines it with what would read it. */
export interface InvisibleSource extends ScopeSource {
  readonly because: 'not lateral' | 'join type';
}

/** A bound part of FROM. */
export interface FromItem {
  readonly plan: LogicalPlan;
  readonly sources: readonly ScopeSource[];
  /** What `*` gives and unqualified names find, in order: columns merged by USING once, and first. */
  readonly columns: readonly ScopeColumn[];
}

/** The names an expression can use, and the scopes around it. */
export interface Scope {
  readonly sources: readonly ScopeSource[];
  readonly columns: readonly ScopeColumn[];
  /** Columns of this query level, merged or not. */
  readonly ids: ReadonlySet<ColumnId>;
  readonly outer: Scope | null;
  /** Where an aggregate inside a subquery goes that aggregates over this level's columns; null where none may stand. */
  readonly aggregates: AggregateSink | null;
  /** Sources that stand in the same FROM but cannot be seen from here, for better messages. */
  readonly invisible: readonly InvisibleSource[];
}

export function scopeOf(item: FromItem | null, outer: Scope | null): Scope {
  return {
    sources: item?.sources ?? [],
    columns: item?.columns ?? [],
    ids: new Set(item?.plan.columns.map((column) => column.id)),
    outer,
    aggregates: null,
    invisible: [],
  };
}

export function scopeColumns(columns: readonly Column[], names: readonly string[] = []): readonly ScopeColumn[] {
  return columns.map((column, position) => ({ name: names[position] ?? column.name, expression: columnRef(column) }));
}

/**
 * What a reference stands for, inner scopes first (PostgreSQL, parse_relation.c: colNameToVar). Errors: 42702 ambiguous,
 * 42703 no such column, 42P01 no such relation in FROM.
 */
export function resolveColumn(reference: ColumnReference, scope: Scope): BoundExpression {
  const { span } = reference;
  const found =
    reference.qualifier === null ? findUnqualified(reference, scope) : findQualified(reference, reference.qualifier, scope);
  return { ...found.expression, span };
}

function findUnqualified(reference: ColumnReference, scope: Scope): ScopeColumn {
  for (let level: Scope | null = scope; level !== null; level = level.outer) {
    const found = only(level.columns, reference.name, reference.span);
    if (found !== undefined) return found;
  }
  throw new LumaError(SQLSTATE.undefinedColumn, `column "${reference.name}" does not exist`, {
    span: reference.span,
    hint: unknownColumnHint(reference.name, scope),
  });
}

function findQualified(reference: ColumnReference, qualifier: string, scope: Scope): ScopeColumn {
  const source = findSource(qualifier, scope, reference.span);
  const found = only(source.columns, reference.name, reference.span);
  if (found !== undefined) return found;
  throw new LumaError(SQLSTATE.undefinedColumn, `column ${qualifier}.${reference.name} does not exist`, {
    span: reference.span,
    hint: didYouMean(
      reference.name,
      source.columns.map((column) => column.name),
    ),
  });
}

/** The relation that a qualifier names, inner scopes first; 42P01 when FROM has none. */
export function findSource(name: string, scope: Scope, span: Span): ScopeSource {
  for (let level: Scope | null = scope; level !== null; level = level.outer) {
    const [source, second] = level.sources.filter((each) => each.name === name);
    if (second !== undefined) throw new LumaError('42P09', `table reference "${name}" is ambiguous`, { span });
    if (source !== undefined) return source;
  }
  const levels = levelsOf(scope);
  const hidden = levels.flatMap((level) => level.invisible).find((source) => source.name === name);
  if (hidden !== undefined) {
    const byJoin = hidden.because === 'join type';
    throw new LumaError(
      byJoin ? SQLSTATE.invalidColumnReference : SQLSTATE.undefinedTable,
      `invalid reference to FROM-clause entry for table "${name}"`,
      {
        span,
        hint: byJoin
          ? 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.'
          : `"${name}" is in this FROM but cannot be referenced from here: LATERAL makes it visible to a subquery.`,
      },
    );
  }
  const names = levels.flatMap((level) => level.sources.flatMap((source) => source.name ?? []));
  throw new LumaError(SQLSTATE.undefinedTable, `missing FROM-clause entry for table "${name}"`, {
    span,
    hint: didYouMean(name, names),
  });
}

function only(columns: readonly ScopeColumn[], name: string, span: Span): ScopeColumn | undefined {
  const [first, second] = columns.filter((column) => column.name === name);
  if (second === undefined) return first;
  throw new LumaError(SQLSTATE.ambiguousColumn, `column reference "${name}" is ambiguous`, {
    span,
    hint: 'Write it as table.column.',
  });
}

function unknownColumnHint(name: string, scope: Scope): string | undefined {
  const levels = levelsOf(scope);
  const qualified = levels.flatMap((level) =>
    level.sources.filter((source) => source.name === name).map(() => `"${name}" is a table here: name one of its columns.`),
  );
  return qualified[0] ?? didYouMean(name, new Set(levels.flatMap((level) => level.columns.map((column) => column.name))));
}

function levelsOf(scope: Scope): readonly Scope[] {
  const levels: Scope[] = [];
  for (let level: Scope | null = scope; level !== null; level = level.outer) levels.push(level);
  return levels;
}

/** 42712 when two relations of one FROM have the same name. */
export function checkDuplicateNames(left: readonly ScopeSource[], right: readonly ScopeSource[], span: Span): void {
  const names = new Set(left.map((source) => source.name));
  const twice = right.find((source) => source.name !== null && names.has(source.name));
  if (twice === undefined) return;
  throw new LumaError(SQLSTATE.duplicateAlias, `table name "${twice.name}" specified more than once`, {
    span,
    hint: 'Give one of them another alias.',
  });
}
