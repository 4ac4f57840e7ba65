import type { TypeKind } from '../../src/types/data-type.ts';
import type { Call, Expression } from './expression.ts';
import type { QueryBody } from './relation.ts';

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

/** What a call names its column; null: nothing. */
export type CallName = (call: Call) => string | null;

const ownName: CallName = (call) => call.name;

/**
 * The name of a result column without an alias (PostgreSQL, parse_target.c: FigureColname). A language in which a call is
 * written under another name than LumaDB's says so with `callName`; its parser then gives the item an alias.
 */
export function outputName(expression: Expression, callName: CallName = ownName): string {
  return figure(expression, callName)?.name ?? '?column?';
}

function figure(expression: Expression, callName: CallName): Name | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value.type === 'interval' ? { name: 'interval', strong: false } : undefined;
    case 'column':
      return { name: expression.name, strong: true };
    case 'call': {
      const name = callName(expression);
      return name === null ? undefined : { name, strong: true };
    }
    case 'cast': {
      const inner = figure(expression.operand, callName);
      if (inner?.strong) return inner;
      const { type } = expression;
      const name = type.kind === 'timestamp' ? (type.zoned ? 'timestamptz' : 'timestamp') : TYPE_NAMES[type.kind];
      return { name, strong: false };
    }
    case 'case': {
      const otherwise = expression.otherwise === null ? undefined : figure(expression.otherwise, callName);
      return otherwise?.strong ? otherwise : { name: 'case', strong: false };
    }
    case 'exists':
      return { name: 'exists', strong: true };
    case 'scalar_subquery': {
      const name = firstName(expression.query.body, callName);
      return name === undefined ? undefined : { name, strong: true };
    }
    default:
      return undefined;
  }
}

/** The name of the first column of a subquery. */
function firstName(body: QueryBody, callName: CallName): string | undefined {
  switch (body.kind) {
    case 'query':
      return firstName(body.body, callName);
    case 'set_operation':
      return firstName(body.left, callName);
    case 'values':
      return 'column1';
    case 'select': {
      const [item] = body.items;
      if (item?.kind !== 'expression') return undefined;
      return item.alias ?? outputName(item.expression, callName);
    }
  }
}
