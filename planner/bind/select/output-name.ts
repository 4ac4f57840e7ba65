import type { Expression } from '../../../grammars/ast/expression.ts';
import type { QueryBody } from '../../../grammars/ast/relation.ts';
import type { TypeKind } from '../../../src/types/data-type.ts';

/** PostgreSQL's own type names, which name the column of a cast. */
const TYPE_NAMES: Readonly<Record<Exclude<TypeKind, 'timestamp'>, string>> = {
  boolean: 'bool',
  int32: 'int4',
  int64: 'int8',
  float64: 'float8',
  decimal: 'numeric',
  text: 'text',
  date: 'date',
  interval: 'interval',
  null: 'unknown',
};

/** `strong` false: a name that a better one around it replaces. */
interface Name {
  readonly name: string;
  readonly strong: boolean;
}

/** The name of a result column without an alias (PostgreSQL, parse_target.c: FigureColname). */
export function outputName(expression: Expression): string {
  return figure(expression)?.name ?? '?column?';
}

function figure(expression: Expression): Name | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value.type === 'interval' ? { name: 'interval', strong: false } : undefined;
    case 'column':
    case 'call':
      return { name: expression.name, strong: true };
    case 'cast': {
      const inner = figure(expression.operand);
      if (inner?.strong) return inner;
      const { type } = expression;
      const name = type.kind === 'timestamp' ? (type.zoned ? 'timestamptz' : 'timestamp') : TYPE_NAMES[type.kind];
      return { name, strong: false };
    }
    case 'case': {
      const otherwise = expression.otherwise === null ? undefined : figure(expression.otherwise);
      return otherwise?.strong ? otherwise : { name: 'case', strong: false };
    }
    case 'exists':
      return { name: 'exists', strong: true };
    case 'scalar_subquery': {
      const name = firstName(expression.query.body);
      return name === undefined ? undefined : { name, strong: true };
    }
    default:
      return undefined;
  }
}

/** The name of the first column of a subquery. */
function firstName(body: QueryBody): string | undefined {
  switch (body.kind) {
    case 'query':
      return firstName(body.body);
    case 'set_operation':
      return firstName(body.left);
    case 'values':
      return 'column1';
    case 'select': {
      const [item] = body.items;
      if (item?.kind !== 'expression') return undefined;
      return item.alias ?? outputName(item.expression);
    }
  }
}
