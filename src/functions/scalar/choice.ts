import { pushComparison } from '../../exec/expression/compare.ts';
import { assign, localTypes, pushIsNull } from '../../exec/expression/values.ts';
import type { DataType } from '../../types/data-type.ts';
import type { EmitContext, ScalarDefinition, Value } from '../definition.ts';

/** GREATEST and LEAST: NULLs are left out; NULL only when every argument is. */
function choice(name: 'greatest' | 'least', summary: string): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [
      {
        arguments: ['any', { sameAs: 0 }],
        variadic: true,
        returns: ([type]) => type,
        nulls: 'called',
        mayReturnNull: true,
        neverRaises: true,
        emit: (context, arguments_, returns) => choose(context, name, arguments_, returns),
      },
    ],
  };
}

function choose(context: EmitContext, name: 'greatest' | 'least', arguments_: readonly Value[], returns: DataType): Value {
  const { f } = context;
  const locals = localTypes(returns).map((type) => f.local(type));
  const target: Value = { type: returns, locals, isNull: null, bounds: null };
  const isNull = f.local('i32');
  f.i32(1).set(isNull);
  for (const each of arguments_) {
    if (each.type.kind === 'null') continue;
    pushIsNull(f, each);
    f.op('i32.eqz');
    f.ifThen(() => {
      f.get(isNull);
      f.ifElse(
        () => f.i32(1),
        () => pushComparison(context, name === 'greatest' ? 'greater' : 'less', each, target),
        'i32',
      );
      f.ifThen(() => {
        assign(f, target, each);
        f.i32(0).set(isNull);
      });
    });
  }
  const always = arguments_.some((each) => each.isNull === null && each.type.kind !== 'null');
  return { ...target, isNull: always ? null : isNull };
}

export const choiceFunctions: readonly ScalarDefinition[] = [
  choice('greatest', 'the greatest of the values that are not NULL'),
  choice('least', 'the least of the values that are not NULL'),
];
