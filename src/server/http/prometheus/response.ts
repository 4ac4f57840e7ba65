import type { ResultSeries, SeriesQueryResult } from '../../../engine/series/query.ts';
import { asLumaError, type LumaError, SQLSTATE } from '../../../types/error.ts';
import { formatGoFloat } from '../../../types/go-float.ts';
import { positionOf } from '../../../types/span.ts';
import type { HttpResponse } from '../server.ts';

/** Prometheus' JSON (documentation, HTTP API, "Format overview" and "Expression query result formats"). */

const HEADERS = { 'content-type': 'application/json' };

export function success(data: string): HttpResponse {
  return { status: 200, headers: HEADERS, body: `{"status":"success","data":${data}}` };
}

/**
 * What went wrong before anything ran: 400 bad_data for what the client got wrong. `text` is what the error's place
 * counts in, `parameter` where it came from.
 */
export function failure(thrown: unknown, text?: string, parameter = 'query'): HttpResponse {
  const error = asLumaError(thrown);
  return respond(WRONG_VALUES.has(error.code) ? BAD_DATA : kindOf(error.code), error, text, parameter);
}

/** What went wrong while the query `text` ran: a value that does not fit is 422 execution then. */
export function evaluationFailure(thrown: unknown, text: string): HttpResponse {
  const error = asLumaError(thrown);
  return respond(kindOf(error.code), error, text, 'query');
}

function respond([status, errorType]: ErrorKind, error: LumaError, text: string | undefined, parameter: string): HttpResponse {
  const message = errorType === 'bad_data' && text !== undefined ? placed(error, text, parameter) : error.message;
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  // Whoever canceled a query does not wait for its answer: what is left is that its time was over.
  const told = errorType === 'timeout' ? 'query timed out in query execution' : message + hint;
  return { status, headers: HEADERS, body: JSON.stringify({ status: 'error', errorType, error: told }) };
}

function placed({ span, message }: LumaError, text: string, parameter: string): string {
  if (span === undefined) return message;
  const { line, column } = positionOf(text, span.start);
  return `invalid parameter "${parameter}": ${line}:${column}: parse error: ${message}`;
}

/** A write that failed through no fault of its sender is to be tried again: senders give up on a 4xx, so it is none. */
export function writeFailure(thrown: unknown): HttpResponse {
  const answer = failure(thrown);
  return answer.status === 422 ? { ...answer, status: 503 } : answer;
}

type ErrorKind = readonly [status: number, errorType: string];

const BAD_DATA: ErrorKind = [400, 'bad_data'];
const EXECUTION: ErrorKind = [422, 'execution'];

/** Of a request they are bad data, of a running query its own: invalid_parameter_value, invalid_regular_expression. */
const WRONG_VALUES: ReadonlySet<string> = new Set([SQLSTATE.invalidParameterValue, '2201B']);

function kindOf(code: string): ErrorKind {
  if (code === SQLSTATE.queryCanceled) return [503, 'timeout'];
  if (code === SQLSTATE.internalError || code === SQLSTATE.ioError || code === SQLSTATE.dataCorrupted) return [500, 'internal'];
  return code.startsWith('42') || code === SQLSTATE.featureNotSupported ? BAD_DATA : EXECUTION;
}

/** The result of an instant query: series in label order, as far as the expression gives them no order of its own. */
export function instantData(result: SeriesQueryResult, time: number): string {
  switch (result.type) {
    case 'string':
      return `{"resultType":"string","result":[${seconds(time)},${JSON.stringify(result.text ?? '')}]}`;
    case 'scalar': {
      // Not as samples are written: Prometheus never uses an exponent here (promql/value.go, Scalar.MarshalJSON).
      const value = formatGoFloat(result.series[0]?.values[0] ?? Number.NaN);
      return `{"resultType":"scalar","result":[${seconds(result.series[0]?.times[0] ?? time)},"${value}"]}`;
    }
    case 'vector': {
      const series = result.ordered ? result.series : result.series.toSorted(compareLabels);
      const samples = series.map(({ labels, times, values }) => {
        return `{"metric":${JSON.stringify(labels)},"value":${point(times[0] ?? time, values[0] ?? Number.NaN)}}`;
      });
      return `{"resultType":"vector","result":[${samples.join(',')}]}`;
    }
    case 'matrix':
      return rangeData(result);
  }
}

/** The result of a range query: series in label order, as Prometheus sorts them. */
export function rangeData(result: SeriesQueryResult): string {
  // Series share the steps of the grid, so each time is written once.
  const written = new Map<number, string>();
  const secondsOf = (ms: number): string => {
    const known = written.get(ms);
    if (known !== undefined) return known;
    const text = sampleTime(ms);
    written.set(ms, text);
    return text;
  };
  const series = result.series.toSorted(compareLabels).map((each) => {
    const values = each.times.map((time, i) => `[${secondsOf(time)},"${sampleText(each.values[i] ?? Number.NaN)}"]`);
    return `{"metric":${JSON.stringify(each.labels)},"values":[${values.join(',')}]}`;
  });
  return `{"resultType":"matrix","result":[${series.join(',')}]}`;
}

function point(time: number, value: number): string {
  return `[${sampleTime(time)},"${sampleText(value)}"]`;
}

/** Very small and very large values have an exponent of at least two digits (util/jsonutil, MarshalFloat). */
function sampleText(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || !Number.isFinite(value) || (magnitude >= 1e-6 && magnitude < 1e21)) return formatGoFloat(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** The time of a sample: no or three digits of a fraction (util/jsonutil, MarshalTimestamp). */
function sampleTime(ms: number): string {
  return ms % 1000 === 0 ? seconds(ms) : (ms / 1000).toFixed(3);
}

/** By label names and values in name order (model/labels, Compare); both by code point, as bytes of UTF-8 compare. */
export function compareLabels(a: Pick<ResultSeries, 'labels'>, b: Pick<ResultSeries, 'labels'>): number {
  const left = Object.entries(a.labels);
  const right = Object.entries(b.labels);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [leftName = '', leftValue = ''] = left[i] ?? [];
    const [rightName = '', rightValue = ''] = right[i] ?? [];
    const order = compareText(leftName, rightName) || compareText(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** By code point. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
