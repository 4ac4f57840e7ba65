import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesBinary } from '../../../grammars/ast/series.ts';
import { OPERATORS } from '../../../grammars/promql/keywords.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { METRIC_NAME } from '../../types/series.ts';
import {
  and,
  binary,
  column,
  exists,
  innerJoin,
  integer,
  isNull,
  item,
  not,
  query,
  select,
  table,
  unionAll,
} from '../relation-build.ts';
import { type Context, define, lose } from './context.ts';
import { arithmetic, comparison, truth } from './float.ts';
import {
  joinScalars,
  labelItems,
  operandOf,
  paddedItems,
  type Scalar,
  sortedLabels,
  type Translated,
  type Vector,
  withoutName,
} from './vector.ts';

/** A binary operation over translated operands. */
export function binaryOperation(context: Context, node: SeriesBinary, left: Translated, right: Translated): Translated {
  if (left.type === 'scalar' && right.type === 'scalar') return scalars(node, left, right);
  if (left.type === 'vector' && right.type === 'scalar') return withScalar(context, node, left, right, true);
  if (left.type === 'scalar' && right.type === 'vector') return withScalar(context, node, right, left, false);
  if (left.type === 'vector' && right.type === 'vector') {
    return OPERATORS[node.operator].class === 'set'
      ? setOperation(context, node, left, right)
      : matched(context, node, left, right);
  }
  throw new LumaError(SQLSTATE.internalError, `${left.type} ${node.operator} ${right.type}`, { span: node.span });
}

const isComparison = (node: SeriesBinary): boolean => OPERATORS[node.operator].class === 'comparison';

/** The name of the common table: the operator, or a word for one that SQL reserves. */
function nameOf(node: SeriesBinary): string {
  return { and: 'matching', or: 'combined', unless: 'unmatched' }[node.operator as string] ?? node.operator;
}

function scalars(node: SeriesBinary, left: Scalar, right: Scalar): Scalar {
  const compute = (a: Expression, b: Expression): Expression =>
    isComparison(node) ? truth(comparison(node.operator, a, b)) : arithmetic(node.operator, a, b);
  return {
    type: 'scalar',
    value: (time) => compute(left.value(time), right.value(time)),
    joins: [...left.joins, ...right.joins],
    constant: undefined,
  };
}

function withScalar(context: Context, node: SeriesBinary, vector: Vector, scalar: Scalar, vectorLeft: boolean): Vector {
  const time = column('time', vector.table);
  const value = column('value', vector.table);
  const number = operandOf(scalar, time);
  const [a, b] = vectorLeft ? [value, number] : [number, value];
  const filters = isComparison(node) && !node.returnBool;
  const labels = filters ? vector.labels : withoutName(vector.labels);
  const result = filters ? value : isComparison(node) ? truth(comparison(node.operator, a, b)) : arithmetic(node.operator, a, b);
  const body = select(
    [...labelItems(labels, vector.table), item(time, 'time'), item(result, 'value')],
    joinScalars(table(vector.table), time, [scalar]),
    { where: filters ? comparison(node.operator, a, b) : null },
  );
  return { type: 'vector', table: define(context, nameOf(node), body), labels };
}

/** The labels by which two vectors match. */
function matchLabels(node: SeriesBinary, left: Vector, right: Vector): readonly string[] {
  const { on, labels } = node.matching;
  const all = sortedLabels([...left.labels, ...right.labels]);
  if (on) return all.filter((label) => labels.includes(label));
  return all.filter((label) => label !== METRIC_NAME && !labels.includes(label));
}

/** Same step, same labels: an absent label only matches an absent one. */
function sameLabels(labels: readonly string[], left: Vector, right: Vector): Expression {
  const conditions = labels.map((label) => {
    const [inLeft, inRight] = [left.labels.includes(label), right.labels.includes(label)];
    if (inLeft && inRight) return binary('is_not_distinct', column(label, 'l'), column(label, 'r'));
    return isNull(column(label, inLeft ? 'l' : 'r'));
  });
  const sameStep = binary('equal', column('time', 'l'), column('time', 'r'));
  return conditions.reduce((all, each) => binary('and', all, each), sameStep);
}

/** Arithmetic and comparison of two vectors, series by series (promql/engine.go, VectorBinop and resultMetric). */
function matched(context: Context, node: SeriesBinary, left: Vector, right: Vector): Vector {
  const { matching } = node;
  const matches = matchLabels(node, left, right);
  const many = matching.cardinality === 'one_to_many' ? 'r' : 'l';
  const source = many === 'l' ? left : right;
  warnOfDuplicates(context, node, matches, left, right);

  const filters = isComparison(node) && !node.returnBool;
  const named = filters ? source.labels : withoutName(source.labels);
  const oneToOne = matching.cardinality === 'one_to_one';
  const own = oneToOne ? named.filter((label) => matching.on === matching.labels.includes(label)) : named;
  const other = many === 'l' ? right : left;
  const included = oneToOne ? [] : matching.include;
  const labels = sortedLabels([
    ...own,
    ...included.filter((label) => source.labels.includes(label) || other.labels.includes(label)),
  ]);
  const items = labels.map((label) => {
    // An included label comes from the "one" side, also when it is absent there.
    if (!included.includes(label)) return item(column(label, many), label);
    const [padded] = paddedItems([label], other.labels, many === 'l' ? 'r' : 'l');
    if (padded === undefined) throw new LumaError(SQLSTATE.internalError, `no column for ${label}`);
    return padded;
  });
  const [a, b] = [column('value', 'l'), column('value', 'r')];
  const condition = isComparison(node) ? comparison(node.operator, a, b) : null;
  const value = condition === null ? arithmetic(node.operator, a, b) : node.returnBool ? truth(condition) : a;
  const body = select(
    [...items, item(column('time', 'l'), 'time'), item(value, 'value')],
    innerJoin(table(left.table, 'l'), table(right.table, 'r'), sameLabels(matches, left, right)),
    { where: filters ? condition : null },
  );
  return { type: 'vector', table: define(context, nameOf(node), body), labels };
}

/** Where a side has labels beyond those that match, Prometheus fails on duplicates; SQL cannot. */
function warnOfDuplicates(context: Context, node: SeriesBinary, matches: readonly string[], left: Vector, right: Vector): void {
  const free = (vector: Vector): boolean => withoutName(vector.labels).some((label) => !matches.includes(label));
  const { cardinality } = node.matching;
  const leftMustBeOne = cardinality !== 'many_to_one';
  const rightMustBeOne = cardinality !== 'one_to_many';
  if (!(leftMustBeOne && free(left)) && !(rightMustBeOne && free(right))) return;
  lose(
    context,
    'duplicate_matches',
    node.span,
    'where several series of a side have the same matching labels, Prometheus fails and SQL gives a row for each pair',
  );
}

/** and, or, unless: rows of one side by whether the other has their labels at that step. */
function setOperation(context: Context, node: SeriesBinary, left: Vector, right: Vector): Vector {
  const matches = matchLabels(node, left, right);
  const inOther = (from: Vector): Expression =>
    exists(query(select([item(integer(1))], table(from.table, 'r'), { where: sameLabels(matches, left, right) })));
  if (node.operator !== 'or') {
    const found = inOther(right);
    const body = select(
      [...labelItems(left.labels, 'l'), item(column('time', 'l'), 'time'), item(column('value', 'l'), 'value')],
      table(left.table, 'l'),
      { where: node.operator === 'and' ? found : not(found) },
    );
    return { type: 'vector', table: define(context, nameOf(node), body), labels: left.labels };
  }
  const labels = sortedLabels([...left.labels, ...right.labels]);
  const whole = select(
    [...paddedItems(labels, left.labels, 'l'), item(column('time', 'l'), 'time'), item(column('value', 'l'), 'value')],
    table(left.table, 'l'),
  );
  const inLeft = exists(query(select([item(integer(1))], table(left.table, 'l'), { where: sameLabels(matches, left, right) })));
  const rest = select(
    [...paddedItems(labels, right.labels, 'r'), item(column('time', 'r'), 'time'), item(column('value', 'r'), 'value')],
    table(right.table, 'r'),
    { where: and([not(inLeft)]) },
  );
  return { type: 'vector', table: define(context, nameOf(node), unionAll(whole, rest)), labels };
}
