import type { SeriesExpression } from '../../../grammars/ast/series.ts';
import type { SeriesStatement } from '../../../grammars/ast/statement.ts';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import type { SeriesPlan, StepGrid } from '../../../planner/series-plan.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { NO_SPAN } from '../../types/span.ts';
import { type Batch, isValid, type Schema, type Vector } from '../../types/vector.ts';
import { valueReader } from '../../types/vector-read.ts';
import type { Session } from '../session.ts';

/** What an evaluation gives, as Prometheus' API names it (`matrix` over a range is decided by the caller). */
export type SeriesResultType = 'scalar' | 'vector' | 'matrix' | 'string';

/** One series of a result; times are milliseconds. */
export interface ResultSeries {
  /** Label name to value, `__name__` included where it is kept. */
  readonly labels: Readonly<Record<string, string>>;
  readonly times: number[];
  readonly values: number[];
}

export interface SeriesQueryResult {
  readonly type: SeriesResultType;
  /** Whether the expression puts its series into an order of their own, as topk and sort do. */
  readonly ordered: boolean;
  readonly series: readonly ResultSeries[];
  /** The value of a string expression. */
  readonly text: string | undefined;
}

export interface SeriesQueryOptions {
  readonly dialect: string;
  readonly grid: StepGrid;
  readonly signal?: AbortSignal;
}

/** Runs one series expression. Series come in the order of the result, points in time order. */
export async function querySeries(session: Session, text: string, options: SeriesQueryOptions): Promise<SeriesQueryResult> {
  return evaluateSeries(session, parseSeries(session, text, options.dialect), options);
}

/** Runs what `parseSeries` gave, as `querySeries` does. */
export async function evaluateSeries(
  session: Session,
  statement: SeriesStatement,
  options: Omit<SeriesQueryOptions, 'dialect'>,
): Promise<SeriesQueryResult> {
  const { expression } = statement;
  if (expression.kind === 'string') return { type: 'string', ordered: false, series: [], text: expression.value };
  return evaluate(session, statement, options);
}

/**
 * The series that a selector finds from `start` to `end`, both included, in ms: those with a sample there. Throws 42601 for
 * what is no plain selector.
 */
export async function findSeries(
  session: Session,
  text: string,
  { start, end, ...options }: Omit<SeriesQueryOptions, 'grid'> & { readonly start: number; readonly end: number },
): Promise<readonly ResultSeries[]> {
  const { expression: selector, span } = parseSeries(session, text, options.dialect);
  if (selector.kind !== 'selector' || selector.offset !== 0 || selector.at !== null) {
    throw new LumaError(SQLSTATE.syntaxError, 'expected a series selector', { span });
  }
  const range = { kind: 'range_selector', span, selector, range: end - start + 1 } as const;
  const expression = { kind: 'series_call', span, name: 'last_over_time', arguments: [range] } as const;
  const grid = { start: end, end, step: 0 };
  return (await evaluate(session, { kind: 'series_statement', span, expression }, { ...options, grid })).series;
}

/** The one expression of a text. Throws 42601 when there are more or none, and what the language's parser throws. */
export function parseSeries(session: Session, text: string, dialect: string): SeriesStatement {
  const [statement, ...more] = session.parse(text, { dialect });
  if (statement?.kind === 'series_statement' && more.length === 0) return statement;
  throw new LumaError(SQLSTATE.syntaxError, 'expected one series expression', { span: statement?.span ?? NO_SPAN });
}

async function evaluate(
  session: Session,
  statement: SeriesStatement,
  { grid, signal }: Pick<SeriesQueryOptions, 'grid' | 'signal'>,
): Promise<SeriesQueryResult> {
  const prepared = session.prepare(statement, { grid });
  const plan = seriesPlanOf(prepared.compiled?.logical.plan);
  const outcome = await session.execute(prepared, { signal });
  if (outcome.kind !== 'rows') throw new LumaError(SQLSTATE.internalError, 'a series expression gave no rows');
  const series: ResultSeries[] = [];
  for await (const batch of outcome.batches) appendRows(outcome.schema, batch, series);
  const type = plan?.kind === 'series_raw' ? 'matrix' : (plan?.type ?? 'vector');
  return { type, ordered: isOrdered(statement.expression), series, text: undefined };
}

function isOrdered(expression: SeriesExpression): boolean {
  if (expression.kind === 'aggregation') return expression.operator === 'topk' || expression.operator === 'bottomk';
  return expression.kind === 'series_call' && (expression.name === 'sort' || expression.name === 'sort_desc');
}

function seriesPlanOf(plan: LogicalPlan | undefined): SeriesPlan<LogicalPlan> | undefined {
  if (plan?.kind === 'series_scan') return plan.series;
  return plan?.kind === 'project' ? seriesPlanOf(plan.input) : undefined;
}

/** Rows come series by series: a row with other labels than the one before begins the next series. */
function appendRows(schema: Schema, batch: Batch, series: ResultSeries[]): void {
  const [time, value] = batch.columns.slice(-2);
  const vectors = batch.columns.slice(0, -2);
  const labels = vectors.map((vector, position) => ({ name: schema[position]?.name ?? '', read: valueReader(vector) }));
  const repeats = vectors.map(repeatReader);
  let current = series.at(-1);
  for (let row = 0; row < batch.length; row++) {
    // Within a batch codes tell series apart; the first row is compared with the last of the batch before.
    const same =
      row > 0
        ? repeats.every((repeat) => repeat(row))
        : labels.every(({ name, read }) => (read(row) ?? undefined) === current?.labels[name]);
    if (!same || current === undefined) {
      current = { labels: labelsOf(labels, row), times: [], values: [] };
      series.push(current);
    }
    current.times.push(Number(time?.values[row] ?? 0));
    current.values.push(Number(value?.values[row] ?? Number.NaN));
  }
}

/** Whether a label is the same in a row and in the one before. */
function repeatReader(vector: Vector): (row: number) => boolean {
  const { dictionary, values } = vector;
  const read = valueReader(vector);
  if (dictionary === null) return (row) => read(row) === read(row - 1);
  return (row) => {
    const valid = isValid(vector, row);
    return valid === isValid(vector, row - 1) && (!valid || values[row] === values[row - 1]);
  };
}

function labelsOf(
  labels: readonly { readonly name: string; readonly read: (row: number) => unknown }[],
  row: number,
): Record<string, string> {
  // Without a prototype: a label may be called `__proto__` or `constructor`.
  const found: Record<string, string> = Object.create(null);
  for (const { name, read } of labels) {
    const value = read(row);
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
