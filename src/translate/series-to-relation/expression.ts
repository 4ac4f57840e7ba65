import type { SeriesCall, SeriesExpression, Subquery } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import { float, unary } from '../relation-build.ts';
import { aggregate } from './aggregate.ts';
import { binaryOperation } from './binary.ts';
import { callOf } from './call.ts';
import type { Context } from './context.ts';
import { instantSelector, rangeSelector, windowEnds, windows } from './selector.ts';
import { defineSteps } from './steps.ts';
import { negated } from './value-functions.ts';
import { asScalar, asVector, type Range, type Translated } from './vector.ts';

/** Prometheus' default evaluation interval, which a subquery without a step takes. */
const DEFAULT_SUBQUERY_STEP = 60_000;

/** Any series expression as common tables of `context`. */
export function translateExpression(context: Context, node: SeriesExpression): Translated {
  switch (node.kind) {
    case 'number':
      return { type: 'scalar', value: () => float(node.value), joins: [], constant: node.value };
    case 'string':
      return { type: 'text', value: node.value };
    case 'selector':
      return instantSelector(context, node);
    case 'range_selector':
      return rangeSelector(context, node.selector, node.range);
    case 'subquery':
      return subquery(context, node);
    case 'series_negate': {
      const operand = translateExpression(context, node.operand);
      if (operand.type === 'vector') return negated(context, operand);
      const number = asScalar(operand, node.span);
      const constant = number.constant === undefined ? undefined : -number.constant;
      return { ...number, value: (time) => unary('negate', number.value(time)), constant };
    }
    case 'aggregation': {
      const operand = asVector(translateExpression(context, node.operand), node.span);
      const parameter = node.parameter === null ? null : translateExpression(context, node.parameter);
      return aggregate(
        context,
        node,
        operand,
        parameter?.type === 'text' || parameter === null ? parameter : asScalar(parameter, node.span),
      );
    }
    case 'series_binary':
      return binaryOperation(context, node, translateExpression(context, node.left), translateExpression(context, node.right));
    case 'series_call':
      return translateCall(context, node);
  }
}

function translateCall(context: Context, node: SeriesCall): Translated {
  const [first] = node.arguments;
  // Of a selector, timestamp gives the samples' own times.
  if (node.name === 'timestamp' && first?.kind === 'selector') return instantSelector(context, first, 'timestamp');
  return callOf(
    context,
    node,
    node.arguments.map((argument) => translateExpression(context, argument)),
  );
}

/** Evaluates on the subquery's own steps, which are multiples of its step, and windows those of the outer steps over them. */
function subquery(context: Context, node: Subquery): Range {
  const ends = windowEnds(context, node);
  if (ends === null) {
    throw notSupported('a subquery at now() in SQL', {
      span: node.span,
      hint: 'Give the times of the evaluation: start, end and step.',
    });
  }
  const step = node.step ?? DEFAULT_SUBQUERY_STEP;
  const after = ends.first - node.range;
  const aligned = step * Math.trunc(after / step);
  const start = aligned <= after ? aligned + step : aligned;
  // Where no multiple lies in reach, the one step there is lies outside of every window.
  const steps = defineSteps(context, 'subquery_steps', { type: 'known', start, end: Math.max(start, ends.last), step });
  const inner = asVector(translateExpression({ ...context, steps }, node.expression), node.span);
  const samples = { table: inner.table, labels: inner.labels, timeColumn: 'time' };
  return windows(context, 'subquery_windows', samples, node, node.range);
}
