import { type Comparison, pushComparison, pushNotDistinct } from '../../exec/expression/compare.ts';
import { valueFrom } from '../../exec/expression/values.ts';
import { BOOLEAN, type TypeKind } from '../../types/data-type.ts';
import type { ScalarDefinition, ScalarOverload, Value } from '../definition.ts';

const KINDS: readonly TypeKind[] = ['boolean', 'int32', 'int64', 'float64', 'decimal', 'text', 'date', 'timestamp', 'interval'];

function pair(arguments_: readonly Value[]): readonly [Value, Value] {
  const [a, b] = arguments_;
  if (a === undefined || b === undefined) throw new RangeError('a comparison has two operands');
  return [a, b];
}

/** Text comparisons loop, and decimal ones may call out: they run only for rows that need them. */
function isTotal(kind: TypeKind): boolean {
  return kind !== 'text' && kind !== 'decimal';
}

function comparison(name: Comparison, summary: string): ScalarDefinition {
  return {
    name,
    summary,
    overloads: KINDS.map(
      (kind): ScalarOverload => ({
        arguments: [kind, { sameAs: 0 }],
        returns: () => BOOLEAN,
        total: isTotal(kind) || ((arguments_) => kind === 'decimal' && arguments_.every(({ locals }) => locals.length === 1)),
        neverRaises: true,
        emit: (context, arguments_) =>
          valueFrom(context, BOOLEAN, null, () => pushComparison(context, name, ...pair(arguments_))),
      }),
    ),
  };
}

function nullSafe(name: 'is_distinct' | 'is_not_distinct', summary: string): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [...KINDS, 'null' as const].map(
      (kind): ScalarOverload => ({
        arguments: [kind, { sameAs: 0 }],
        returns: () => BOOLEAN,
        nulls: 'called',
        total: isTotal(kind),
        neverRaises: true,
        emit: (context, arguments_) =>
          valueFrom(context, BOOLEAN, null, () => {
            pushNotDistinct(context, ...pair(arguments_));
            if (name === 'is_distinct') context.f.op('i32.eqz');
          }),
      }),
    ),
  };
}

export const comparisonFunctions: readonly ScalarDefinition[] = [
  comparison('equal', 'a = b'),
  comparison('not_equal', 'a <> b'),
  comparison('less', 'a < b'),
  comparison('less_equal', 'a <= b'),
  comparison('greater', 'a > b'),
  comparison('greater_equal', 'a >= b'),
  nullSafe('is_distinct', 'a IS DISTINCT FROM b: NULL is a value like others'),
  nullSafe('is_not_distinct', 'a IS NOT DISTINCT FROM b: NULL is a value like others'),
];
