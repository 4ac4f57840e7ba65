import type { ArgumentInfo } from '../../../planner/catalog.ts';
import { type DataType, TEXT, type TypeKind } from '../../types/data-type.ts';
import type { TypePattern } from '../definition.ts';
import { categoryOf, coerced, coercible, commonTimestamp, commonType, isPreferred, isUntyped } from './coerce.ts';

/** What resolution needs of an overload, scalar or aggregate. */
export interface Overload {
  readonly arguments: readonly TypePattern[];
  readonly variadic?: boolean;
  readonly returns: (arguments_: readonly DataType[]) => DataType | undefined;
}

export interface Resolved<T> {
  readonly overload: T;
  readonly argumentTypes: readonly DataType[];
  readonly returnType: DataType;
}

/** The kind that an argument must have; `any` takes what it gets, `textual` what can be cast to text. */
type Wanted = TypeKind | 'any' | 'textual';

/** An overload spread over the call's arguments. */
interface Candidate<T> extends Resolved<T> {
  readonly kinds: readonly Wanted[];
}

/**
 * Chooses an overload as PostgreSQL does (10.2 for operators, 10.3 for functions): what fits with the fewest conversions,
 * then by preferred types, then by the categories that untyped literals may have.
 */
export function resolve<T extends Overload>(
  overloads: readonly T[],
  arguments_: readonly ArgumentInfo[],
): Resolved<T> | 'none' | 'ambiguous' {
  const sameForUntyped = resolveWithSharedType(overloads, arguments_);
  if (sameForUntyped !== undefined) return sameForUntyped;
  let left: readonly Candidate<T>[] = overloads.flatMap((overload) => spread(overload, arguments_) ?? []);
  if (left.length <= 1) return left[0] ?? 'none';
  const typed = (position: number): boolean => {
    const argument = arguments_[position];
    return argument !== undefined && !isUntyped(argument);
  };
  const kindAt = (position: number): TypeKind => arguments_[position]?.type.kind ?? 'null';
  left = keepMost(left, (candidate) => count(candidate, (kind, i) => typed(i) && (kind === kindAt(i) || kind === 'any')));
  if (left.length === 1) return left[0] ?? 'none';
  left = keepMost(left, (candidate) =>
    count(candidate, (kind, i) => typed(i) && isKind(kind) && (kind === kindAt(i) || isPreferred(kind))),
  );
  if (left.length === 1) return left[0] ?? 'none';
  left = byUntypedCategories(left, arguments_);
  return left.length === 1 ? (left[0] ?? 'none') : left.length === 0 ? 'none' : 'ambiguous';
}

/** 10.2 step 2a and 10.3 step 4f: untyped arguments are taken as the one type that all others have, if that matches exactly. */
function resolveWithSharedType<T extends Overload>(
  overloads: readonly T[],
  arguments_: readonly ArgumentInfo[],
): Resolved<T> | undefined {
  const known = arguments_.filter((argument) => !isUntyped(argument));
  const [first] = known;
  if (first === undefined || known.length === arguments_.length) return undefined;
  if (!known.every((argument) => argument.type.kind === first.type.kind)) return undefined;
  const exact = overloads.flatMap((overload) => spread(overload, arguments_) ?? []);
  return exact.find((candidate) => candidate.kinds.every((kind) => kind === first.type.kind));
}

/** 10.3 step 4e: strings first where any candidate takes one, else the category all share; then its preferred type. */
function byUntypedCategories<T>(
  candidates: readonly Candidate<T>[],
  arguments_: readonly ArgumentInfo[],
): readonly Candidate<T>[] {
  let left = candidates;
  arguments_.forEach((argument, position) => {
    if (!isUntyped(argument)) return;
    const kinds = left.map((candidate) => candidate.kinds[position] ?? 'any');
    const categories = new Set(kinds.map((kind) => (isKind(kind) ? categoryOf(kind) : 'string')));
    const chosen = categories.has('string') ? 'string' : categories.size === 1 ? [...categories][0] : undefined;
    if (chosen === undefined) return;
    const inCategory = left.filter((candidate) => {
      const kind = candidate.kinds[position];
      return kind !== undefined && (isKind(kind) ? categoryOf(kind) === chosen : chosen === 'string');
    });
    const preferred = inCategory.filter((candidate) => {
      const kind = candidate.kinds[position];
      return kind !== undefined && isKind(kind) && isPreferred(kind);
    });
    left = preferred.length > 0 ? preferred : inCategory;
  });
  return left;
}

function isKind(wanted: Wanted): wanted is TypeKind {
  return wanted !== 'any' && wanted !== 'textual';
}

function count<T>(candidate: Candidate<T>, test: (kind: Wanted, position: number) => boolean): number {
  return candidate.kinds.filter(test).length;
}

function keepMost<T>(candidates: readonly Candidate<T>[], score: (candidate: Candidate<T>) => number): readonly Candidate<T>[] {
  const best = Math.max(...candidates.map(score));
  return candidates.filter((candidate) => score(candidate) === best);
}

/** The overload over these arguments, or undefined when they cannot become what it takes. */
function spread<T extends Overload>(overload: T, arguments_: readonly ArgumentInfo[]): Candidate<T> | undefined {
  const { length } = overload.arguments;
  const fits = overload.variadic === true ? arguments_.length >= length - 1 : arguments_.length === length;
  if (!fits) return undefined;
  const patterns = arguments_.map((_, i) => overload.arguments[Math.min(i, length - 1)] ?? 'any');
  const kinds = patterns.map((pattern) => kindOf(pattern, patterns));
  const possible = kinds.every((kind, i) => {
    const argument = arguments_[i];
    return argument !== undefined && (!isKind(kind) || isUntyped(argument) || coercible(argument.type.kind, kind));
  });
  if (!possible) return undefined;
  const argumentTypes = concrete(patterns, kinds, arguments_);
  const returnType = argumentTypes === undefined ? undefined : overload.returns(argumentTypes);
  return argumentTypes === undefined || returnType === undefined ? undefined : { overload, kinds, argumentTypes, returnType };
}

function kindOf(pattern: TypePattern, patterns: readonly TypePattern[]): Wanted {
  if (typeof pattern === 'string') return pattern;
  const other = patterns[pattern.sameAs];
  return typeof other === 'string' ? other : 'any';
}

/** The types after coercion; arguments tied by `sameAs` get one common type, decimals excepted, whose digits may differ. */
function concrete(
  patterns: readonly TypePattern[],
  kinds: readonly Wanted[],
  arguments_: readonly ArgumentInfo[],
): readonly DataType[] | undefined {
  const types = arguments_.map((argument, i) => {
    const kind = kinds[i] ?? 'any';
    if (kind === 'textual') return TEXT;
    return kind === 'any' ? (commonType([argument]) ?? argument.type) : coerced(argument, kind);
  });
  for (const [leader] of patterns.entries()) {
    const group = patterns.flatMap((pattern, i) => (typeof pattern !== 'string' && pattern.sameAs === leader ? [i] : []));
    if (group.length === 0) continue;
    const members = [leader, ...group];
    const common = commonOf(members, kinds[leader] ?? 'any', arguments_, types);
    if (common === undefined) return undefined;
    if (common !== 'own') for (const member of members) types[member] = common;
  }
  return types;
}

function commonOf(
  members: readonly number[],
  kind: Wanted,
  arguments_: readonly ArgumentInfo[],
  types: readonly DataType[],
): DataType | 'own' | undefined {
  if (kind === 'any') return commonType(members.flatMap((member) => arguments_[member] ?? []));
  if (kind !== 'timestamp') return 'own';
  const known = members.flatMap((member) => {
    const argument = arguments_[member];
    const type = types[member];
    return argument === undefined || type === undefined || argument.type.kind !== 'timestamp' || isUntyped(argument)
      ? []
      : [type];
  });
  const [first, ...rest] = known;
  return first === undefined ? 'own' : rest.reduce(commonTimestamp, first);
}
