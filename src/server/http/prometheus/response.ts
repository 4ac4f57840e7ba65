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
 * 400 bad_data for what the client got wrong, 503 timeout or canceled, 422 execution for the rest. `text` is what the
 * error's place counts in, `parameter` where it came from.
 */
export function failure(thrown: unknown, text?: string, parameter = 'query'): HttpResponse {
  const error = asLumaError(thrown);
  const [status, errorType] = kindOf(error.code);
  const message = errorType === 'bad_data' && text !== undefined ? placed(error, text, parameter) : error.message;
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  return { status, headers: HEADERS, body: JSON.stringify({ status: 'error', errorType, error: message + hint }) };
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

function kindOf(code: string): readonly [status: number, errorType: string] {
  if (code === SQLSTATE.queryCanceled) return [503, 'canceled'];
  if (code === SQLSTATE.internalError || code === SQLSTATE.ioError || code === SQLSTATE.dataCorrupted) return [500, 'internal'];
  if (code.startsWith('42') || code === SQLSTATE.invalidParameterValue || code === SQLSTATE.featureNotSupported)
    return [400, 'bad_data'];
  return [422, 'execution'];
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
    const text = seconds(ms);
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
  return `[${seconds(time)},"${sampleText(value)}"]`;
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
