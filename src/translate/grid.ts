import { parseDurationMs } from '../types/duration.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';

/** A time as milliseconds since 1970, as a Date, or as ISO 8601 text (without a zone: UTC). */
export type TimeOption = number | string | Date;

/** The step grid of a translation. Without any of the three: one step at now(). */
export interface GridOptions {
  readonly start?: TimeOption | undefined;
  readonly end?: TimeOption | undefined;
  /** Milliseconds, or a duration such as `15s`. */
  readonly step?: number | string | undefined;
}

/**
 * Evaluation times, in milliseconds: start, start + step … ≤ end (an instant has start = end), or the moment the query
 * runs. `end` need not be a step: it is what PromQL's end() means.
 */
export type Grid =
  | { readonly type: 'known'; readonly start: number; readonly end: number; readonly step: number }
  | { readonly type: 'now' };

/** The last evaluation time of a known grid. */
export function lastStep({ start, end, step }: Extract<Grid, { type: 'known' }>): number {
  return step === 0 ? end : start + Math.floor((end - start) / step) * step;
}

/** Throws 22023 for a grid that no request could have. */
export function gridOf(options: GridOptions): Grid {
  const end = timeOf(options.end ?? options.start, 'end');
  if (end === undefined) {
    if (options.step !== undefined) throw invalid('a step needs start and end');
    return { type: 'now' };
  }
  // As in promql(…): without a step, one point at the end.
  if (options.step === undefined) return { type: 'known', start: end, end, step: 0 };
  const start = timeOf(options.start, 'start');
  if (start === undefined || options.end === undefined) throw invalid('a step needs start and end');
  if (end < start) throw invalid('end lies before start');
  const step = stepOf(options.step);
  return { type: 'known', start, end, step };
}

function invalid(message: string): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, message);
}

function timeOf(time: TimeOption | undefined, name: string): number | undefined {
  if (time === undefined) return undefined;
  const value = typeof time === 'string' ? parseTime(time) : Number(time);
  if (Number.isInteger(value) && !Number.isNaN(new Date(value).getTime())) return value;
  throw new LumaError(SQLSTATE.invalidParameterValue, `${name} is no time: ${String(time)}`, {
    hint: 'Give milliseconds since 1970 or ISO 8601, such as 2024-01-31T12:00:00Z.',
  });
}

/** ISO 8601, a space for the T allowed; UTC where it names no zone. */
function parseTime(time: string): number {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(time.trim());
  if (match === null) return Number.NaN;
  return Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}${match[3] ?? 'Z'}`);
}

function stepOf(step: number | string): number {
  const text = String(step).trim();
  const value = /^\d+$/.test(text) ? Number(text) : parseDurationMs(text);
  if (value !== undefined && value > 0) return value;
  throw new LumaError(SQLSTATE.invalidParameterValue, `no step: ${text}`, {
    hint: 'Give milliseconds or a duration, such as 15s.',
  });
}
