import type { SeriesStatement } from '../../../../grammars/ast/statement.ts';
import type { Database } from '../../../engine/database.ts';
import { durationMs, milliseconds, rangeOf } from '../../../engine/series/grid.ts';
import { evaluateSeries, parseSeries, type SeriesQueryOptions, type SeriesQueryResult } from '../../../engine/series/query.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { type HttpRequest, optional, required } from '../request.ts';
import type { HttpResponse } from '../server.ts';
import { evaluationFailure, failure, instantData, rangeData, success } from './response.ts';

/** The longest that a timer can wait; a query that may take longer has no limit. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** `/api/v1/query`: one evaluation at `time`, or now. */
export async function instantQuery(request: HttpRequest, database: Database): Promise<HttpResponse> {
  const time = milliseconds('time', optional(request, 'time') ?? Date.now() / 1000);
  return answer(request, database, { start: time, end: time, step: 0 }, (result) => instantData(result, time));
}

/** `/api/v1/query_range`: evaluations at start, start + step … ≤ end. */
export async function rangeQuery(request: HttpRequest, database: Database): Promise<HttpResponse> {
  const grid = rangeOf({ start: required(request, 'start'), end: required(request, 'end'), step: required(request, 'step') });
  return answer(request, database, grid, (result) => {
    if (result.type !== 'string' && result.type !== 'matrix') return rangeData(result);
    const found = result.type === 'string' ? 'string' : 'range vector';
    const message = `invalid expression type "${found}" for range query, must be Scalar or instant Vector`;
    throw new LumaError(SQLSTATE.datatypeMismatch, message);
  });
}

async function answer(
  request: HttpRequest,
  database: Database,
  grid: SeriesQueryOptions['grid'],
  write: (result: SeriesQueryResult) => string,
): Promise<HttpResponse> {
  const query = required(request, 'query');
  const timeout = durationMs(optional(request, 'timeout') ?? MAX_TIMEOUT_MS / 1000);
  const session = database.session();
  try {
    if (timeout <= 0) throw new LumaError(SQLSTATE.queryCanceled, 'the query has no time');
    if (timeout < MAX_TIMEOUT_MS) session.settings.set('statement_timeout', `${timeout}ms`);
    let statement: SeriesStatement;
    try {
      statement = parseSeries(session, query, 'promql');
    } catch (thrown) {
      return failure(thrown, query);
    }
    return success(write(await evaluateSeries(session, statement, { grid, signal: request.signal })));
  } catch (thrown) {
    return evaluationFailure(thrown, query);
  } finally {
    session.close();
  }
}
