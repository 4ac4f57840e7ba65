import type { SeriesCall } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import { column, float } from '../relation-build.ts';
import type { Context } from './context.ts';
import { dateFunction } from './date-functions.ts';
import { labelFunction } from './label-functions.ts';
import { RANGE_FUNCTIONS } from './range-functions.ts';
import { epoch, isValueFunction, stepTimestamps, valueFunction } from './value-functions.ts';
import { asScalar, asVector, type Translated } from './vector.ts';
import { absent, scalarOf, vectorOf } from './vector-functions.ts';

type CallTranslation = (context: Context, node: SeriesCall, arguments_: readonly Translated[]) => Translated;

/** The first argument as a vector, and the node's span, for errors. */
const ofVector =
  (translate: (context: Context, node: SeriesCall, vector: ReturnType<typeof asVector>) => Translated): CallTranslation =>
  (context, node, [first]) =>
    translate(context, node, asVector(present(first, node), node.span));

/** Functions with a shape of their own. */
const SPECIAL: Readonly<Record<string, CallTranslation>> = {
  time: () => ({ type: 'scalar', value: epoch, joins: [], constant: undefined }),
  pi: () => ({ type: 'scalar', value: () => float(Math.PI), joins: [], constant: Math.PI }),
  vector: (context, node, [first]) => {
    const number = asScalar(present(first, node), node.span);
    return vectorOf(context, 'vector', number.value, [number]);
  },
  scalar: ofVector((context, _, vector) => scalarOf(context, vector)),
  timestamp: ofVector((context, _, vector) => stepTimestamps(context, vector)),
  absent: ofVector((context, node, vector) => absent(context, node.name, node.arguments[0], vector)),
  absent_over_time: (context, node, [first]) => {
    const range = present(first, node);
    const [argument] = node.arguments;
    if (range.type !== 'range') throw unsupported(node);
    return absent(context, node.name, argument?.kind === 'range_selector' ? argument.selector : argument, range);
  },
  // Order is not part of a vector: `seriesToRelation` orders the rows of a whole query.
  sort: ofVector((_context, _node, vector) => vector),
  sort_desc: ofVector((_context, _node, vector) => vector),
  label_join: labels,
  label_replace: labels,
};

function labels(context: Context, node: SeriesCall, [first, ...rest]: readonly Translated[]): Translated {
  const strings = rest.map((each) => (each.type === 'text' ? each.value : ''));
  return labelFunction(context, node, asVector(present(first, node), node.span), strings);
}

/** A call whose arguments are translated. Throws 0A000 for a function that SQL cannot say. */
export function callOf(context: Context, node: SeriesCall, arguments_: readonly Translated[]): Translated {
  const { name } = node;
  const special = SPECIAL[name];
  if (special !== undefined) return special(context, node, arguments_);
  const rangeFunction = RANGE_FUNCTIONS[name];
  const range = arguments_.find((each) => each.type === 'range');
  if (rangeFunction !== undefined && range !== undefined) {
    return rangeFunction(context, name, range, arguments_.find((each) => each.type === 'scalar') ?? null);
  }
  if (!isValueFunction(name)) throw unsupported(node);
  const [first, ...rest] = arguments_;
  if (first !== undefined) {
    return valueFunction(
      context,
      node,
      asVector(first, node.span),
      rest.map((each) => asScalar(each, node.span)),
    );
  }
  const part = dateFunction(name, column('time', 'step'));
  if (part === undefined) throw unsupported(node);
  return vectorOf(context, name, () => part, []);
}

function present(argument: Translated | undefined, node: SeriesCall): Translated {
  if (argument === undefined) throw unsupported(node);
  return argument;
}

function unsupported(node: SeriesCall) {
  return notSupported(`"${node.name}" in SQL`, { span: node.span });
}
