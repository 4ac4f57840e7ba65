import type { ResultSeries, SeriesQueryResult } from '../../../engine/series-query.ts';
import { asLumaError, formatError, SQLSTATE } from '../../../types/error.ts';
import { formatFloat } from '../../../types/format-float.ts';
import type { HttpResponse } from '../server.ts';

/** Prometheus' JSON (documentation, HTTP API, "Format overview" and "Expression query result formats"). */

const HEADERS = { 'content-type': 'application/json' };

export function success(data: string): HttpResponse {
  return { status: 200, headers: HEADERS, body: `{"status":"success","data":${data}}` };
}

/** 400 bad_data for what the client got wrong, 503 timeout or canceled, 422 execution for the rest. */
export function failure(thrown: unknown, query?: string): HttpResponse {
  const error = asLumaError(thrown);
  const [status, errorType] = kindOf(error.code);
  const text = error.span !== undefined && query !== undefined ? formatError(error, query) : error.message;
  const hint = error.hint !== undefined && error.span === undefined ? ` (${error.hint})` : '';
  return { status, headers: HEADERS, body: JSON.stringify({ status: 'error', errorType, error: text + hint }) };
}

function kindOf(code: string): readonly [status: number, errorType: string] {
  if (code === SQLSTATE.queryCanceled) return [503, 'canceled'];
  if (code === SQLSTATE.internalError || code === SQLSTATE.ioError || code === SQLSTATE.dataCorrupted) return [500, 'internal'];
  if (code.startsWith('42') || code === SQLSTATE.invalidParameterValue || code === SQLSTATE.featureNotSupported)
    return [400, 'bad_data'];
  return [422, 'execution'];
}

/** The result of an instant query. */
export function instantData(result: SeriesQueryResult, time: number): string {
  switch (result.type) {
    case 'string':
      return `{"resultType":"string","result":[${seconds(time)},${JSON.stringify(result.text ?? '')}]}`;
    case 'scalar': {
      const [series] = result.series;
      return `{"resultType":"scalar","result":${point(series?.times[0] ?? time, series?.values[0] ?? Number.NaN)}}`;
    }
    case 'vector': {
      const samples = result.series.map(
        (series) =>
          `{"metric":${JSON.stringify(series.labels)},"value":${point(series.times[0] ?? time, series.values[0] ?? Number.NaN)}}`,
      );
      return `{"resultType":"vector","result":[${samples.join(',')}]}`;
    }
    case 'matrix':
      return rangeData(result);
  }
}

/** The result of a range query: series in label order, as Prometheus sorts them. */
export function rangeData(result: SeriesQueryResult): string {
  const series = result.series.toSorted(compareLabels).map((each) => {
    const values = each.times.map((time, i) => point(time, each.values[i] ?? Number.NaN));
    return `{"metric":${JSON.stringify(each.labels)},"values":[${values.join(',')}]}`;
  });
  return `{"resultType":"matrix","result":[${series.join(',')}]}`;
}

function point(time: number, value: number): string {
  return `[${seconds(time)},"${formatFloat(value)}"]`;
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** By label names and values in name order (labels.Compare, model/labels). */
function compareLabels(a: ResultSeries, b: ResultSeries): number {
  const left = Object.entries(a.labels);
  const right = Object.entries(b.labels);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [leftName = '', leftValue = ''] = left[i] ?? [];
    const [rightName = '', rightValue = ''] = right[i] ?? [];
    if (leftName !== rightName) return leftName < rightName ? -1 : 1;
    if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  }
  return left.length - right.length;
}
