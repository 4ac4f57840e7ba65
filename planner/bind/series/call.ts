import type { SeriesCall, SeriesExpression } from '../../../grammars/ast/series.ts';
import type { SeriesValueKind } from '../../../grammars/ast/series-kind.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { SeriesFunctionInfo } from '../../catalog.ts';
import type { SeriesPlan } from '../../series-plan.ts';
import { expectKind, kindOf, type SeriesContext } from './context.ts';
import { bindSeriesNode, type LogicalSeries } from './expression.ts';
import { absentLabels, checkLabelName, sortedLabels, withoutName } from './labels.ts';
import { bindRange, rangeLabels } from './range.ts';

/** A function call: a window over a range vector, or a map over vectors and scalars. */
export function bindSeriesCall(call: SeriesCall, context: SeriesContext): LogicalSeries {
  const { session, grid } = context;
  const info = session.catalog.functions.series(call.name, call.span);
  checkArguments(call, info, context);
  const position = call.arguments.findIndex((argument) => kindOf(argument, session) === 'range');
  const ranged = call.arguments[position];
  if (ranged !== undefined) return bindWindow(call, info, ranged, context);
  const arguments_ = call.arguments.map((argument) => bindSeriesNode(argument, context));
  const given = arguments_.length === 0 && info.arguments[0] === 'vector' ? [timeVector(call, context)] : arguments_;
  if (call.name === 'absent') return bindAbsent(call, given, context);
  const labels = info.returns === 'scalar' ? [] : mapLabels(call, info, given);
  return { kind: 'series_map', grid, type: info.returns, labels, span: call.span, function: info.name, arguments: given };
}

function bindWindow(call: SeriesCall, info: SeriesFunctionInfo, ranged: SeriesExpression, context: SeriesContext): LogicalSeries {
  const input = bindRange(ranged, context);
  const absent = call.name === 'absent_over_time' ? absentLabels(ranged) : undefined;
  const parameters = [
    ...call.arguments.filter((argument) => argument !== ranged).map((argument) => bindSeriesNode(argument, context)),
    ...(absent === undefined ? [] : labelStrings(absent, call, context)),
  ];
  const inherited = info.keepsName ? rangeLabels(input) : withoutName(rangeLabels(input));
  return {
    kind: 'series_window',
    grid: context.grid,
    type: 'vector',
    labels: absent === undefined ? inherited : sortedLabels(absent.map(([name]) => name)),
    span: call.span,
    function: info.name,
    input,
    parameters,
  };
}

/** `absent(v)`: the labels that its matchers fix follow the vector as strings, name and value in turn. */
function bindAbsent(call: SeriesCall, given: readonly LogicalSeries[], context: SeriesContext): LogicalSeries {
  const [operand] = call.arguments;
  const labels = operand === undefined ? [] : absentLabels(operand);
  return {
    kind: 'series_map',
    grid: context.grid,
    type: 'vector',
    labels: sortedLabels(labels.map(([name]) => name)),
    span: call.span,
    function: 'absent',
    arguments: [...given, ...labelStrings(labels, call, context)],
  };
}

function labelStrings(
  labels: readonly (readonly [name: string, value: string])[],
  call: SeriesCall,
  { grid }: SeriesContext,
): readonly LogicalSeries[] {
  return labels
    .flat()
    .map((value) => ({ kind: 'series_string', grid, type: 'scalar', labels: [], span: call.span, value }) as const);
}

/** What `hour()` and its kin take when called without a vector: `vector(time())` (Prometheus, Functions). */
function timeVector(call: SeriesCall, { grid }: SeriesContext): LogicalSeries {
  const node = { kind: 'series_map', grid, labels: [], span: call.span } as const;
  const time: LogicalSeries = { ...node, type: 'scalar', function: 'time', arguments: [] };
  return { ...node, type: 'vector', function: 'vector', arguments: [time] };
}

/** Labels of a map's result: those of its vectors, and the one that a label function writes. */
function mapLabels(call: SeriesCall, info: SeriesFunctionInfo, given: readonly LogicalSeries[]): readonly string[] {
  const inherited = sortedLabels(given.flatMap((argument) => argument.labels));
  const kept = info.keepsName ? inherited : withoutName(inherited);
  if (call.name !== 'label_replace' && call.name !== 'label_join') return kept;
  const target = stringValue(given[1]);
  return target === undefined ? kept : sortedLabels([...kept, checkLabelName(target, call.arguments[1]?.span ?? call.span)]);
}

function stringValue<R>(plan: SeriesPlan<R> | undefined): string | undefined {
  return plan?.kind === 'series_string' ? plan.value : undefined;
}

/** Number and kinds of the arguments (Prometheus, promql/parser/parse.go: checkAST). */
function checkArguments(call: SeriesCall, info: SeriesFunctionInfo, context: SeriesContext): void {
  const count = call.arguments.length;
  const most = info.variadic ? Number.POSITIVE_INFINITY : info.arguments.length;
  if (count < info.required || count > most) {
    const bound = count < info.required ? `at least ${info.required}` : `at most ${info.arguments.length}`;
    const expected = info.required === most ? `${info.required}` : bound;
    const message = `expected ${expected} argument(s) in call to "${call.name}", got ${count}`;
    throw new LumaError(SQLSTATE.undefinedFunction, message, { span: call.span });
  }
  call.arguments.forEach((argument, position) => {
    const kind: SeriesValueKind | undefined = info.arguments[position] ?? info.arguments.at(-1);
    if (kind !== undefined) expectKind(argument, [kind], `call to function "${call.name}"`, context.session);
  });
}
