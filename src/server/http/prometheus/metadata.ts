import type { Database } from '../../../engine/database.ts';
import { milliseconds } from '../../../engine/series/grid.ts';
import { findSeries, type ResultSeries } from '../../../engine/series/query.ts';
import type { Session } from '../../../engine/session.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { type HttpRequest, optional } from '../request.ts';
import type { HttpResponse } from '../server.ts';
import { compareLabels, compareText, failure, success } from './response.ts';

/** What Grafana asks to fill its lists: which series there are, and which labels with which values. */

/** Prometheus' whole time by default; here what 64 bits of nanoseconds can hold, which every time column can be compared with. */
const EARLIEST = 0;
const LATEST = 9_000_000_000_000;
const EVERYTHING = '{__name__!=""}';

/** `/api/v1/series`: the labels of every series that one of the selectors finds. */
export async function series(request: HttpRequest, database: Database): Promise<HttpResponse> {
  if (!request.parameters.has('match[]')) {
    throw new LumaError(SQLSTATE.invalidParameterValue, 'no match[] parameter provided');
  }
  return list(request, database, (found) => found.toSorted(compareLabels).map(({ labels }) => JSON.stringify(labels)));
}

/** `/api/v1/labels`: the names of labels. */
export async function labelNames(request: HttpRequest, database: Database): Promise<HttpResponse> {
  return list(request, database, (found) => texts(found.flatMap(({ labels }) => Object.keys(labels))));
}

/** `/api/v1/label/<name>/values`: the values of one label. */
export async function labelValues(request: HttpRequest, database: Database): Promise<HttpResponse> {
  const { name = '' } = request.path;
  return list(request, database, (found) => texts(found.flatMap(({ labels }) => labels[name] ?? [])));
}

function texts(found: readonly string[]): readonly string[] {
  return [...new Set(found)].sort(compareText).map((text) => JSON.stringify(text));
}

/** A list made from the series that the request selects, cut at its `limit`. */
async function list(
  request: HttpRequest,
  database: Database,
  make: (found: readonly ResultSeries[]) => readonly string[],
): Promise<HttpResponse> {
  const { parameters } = request;
  const start = milliseconds('start', optional(request, 'start') ?? EARLIEST / 1000);
  const end = milliseconds('end', optional(request, 'end') ?? LATEST / 1000);
  const limit = Number(optional(request, 'limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new LumaError(SQLSTATE.invalidParameterValue, 'invalid parameter "limit": it must be a positive number');
  }
  const given = parameters.getAll('match[]');
  const session = database.session();
  try {
    const found = new Map<string, ResultSeries>();
    for (const selector of given.length === 0 ? [EVERYTHING] : given) {
      try {
        for (const each of await select(session, selector, { start, end, signal: request.signal })) {
          found.set(JSON.stringify(each.labels), each);
        }
      } catch (thrown) {
        return failure(thrown, selector, 'match[]');
      }
    }
    const items = make([...found.values()]);
    return success(`[${(limit === 0 ? items : items.slice(0, limit)).join(',')}]`);
  } finally {
    session.close();
  }
}

function select(
  session: Session,
  selector: string,
  range: { readonly start: number; readonly end: number; readonly signal: AbortSignal },
): Promise<readonly ResultSeries[]> {
  return findSeries(session, selector, { dialect: 'promql', ...range });
}
