import type { Database } from '../../../engine/database.ts';
import { gridOf, milliseconds } from '../../../engine/series/grid.ts';
import { querySeries } from '../../../engine/series/query.ts';
import { LumaError } from '../../../types/error.ts';
import { type HttpRequest, required } from '../request.ts';
import type { HttpResponse } from '../server.ts';
import { failure, instantData, rangeData, success } from './response.ts';

const DIALECT = 'promql';

/** `/api/v1/query`: one evaluation at `time`, or now. */
export async function instantQuery(request: HttpRequest, database: Database): Promise<HttpResponse> {
  return evaluate(request, database, async (query, session) => {
    const time = milliseconds('time', request.parameters.get('time') ?? Date.now() / 1000);
    const grid = { start: time, end: time, step: 0 };
    return instantData(await querySeries(session, query, { dialect: DIALECT, grid, signal: request.signal }), time);
  });
}

/** `/api/v1/query_range`: evaluations at start, start + step … ≤ end. */
export async function rangeQuery(request: HttpRequest, database: Database): Promise<HttpResponse> {
  return evaluate(request, database, async (query, session) => {
    const grid = gridOf({ start: required(request, 'start'), end: required(request, 'end'), step: required(request, 'step') });
    if (grid === undefined) throw new LumaError('22023', 'a range needs start, end and step');
    const result = await querySeries(session, query, { dialect: DIALECT, grid, signal: request.signal });
    if (result.type !== 'string' && result.type !== 'matrix') return rangeData(result);
    const found = result.type === 'string' ? 'string' : 'range vector';
    throw new LumaError('22023', `invalid expression type "${found}" for range query, must be Scalar or instant Vector`);
  });
}

async function evaluate(
  request: HttpRequest,
  database: Database,
  run: (query: string, session: ReturnType<Database['session']>) => Promise<string>,
): Promise<HttpResponse> {
  const query = required(request, 'query');
  const session = database.session();
  try {
    const timeout = request.parameters.get('timeout');
    if (timeout !== null) session.settings.set('statement_timeout', /^\d+$/.test(timeout) ? `${timeout}s` : timeout);
    return success(await run(query, session));
  } catch (thrown) {
    return failure(thrown, query);
  } finally {
    session.close();
  }
}
