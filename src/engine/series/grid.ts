import type { StepGrid } from '../../../planner/series-plan.ts';
import { parseDurationMs } from '../../types/duration.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';

/** The step grid of a series query, as Prometheus' API has it: numbers are epoch seconds, text is RFC 3339. */
export interface GridOptions {
  readonly start?: number | string | Date;
  readonly end?: number | string | Date;
  /** Seconds, or a duration such as `1m`. */
  readonly step?: number | string;
  /** One evaluation at this time; not together with start and end. */
  readonly time?: number | string | Date;
}

/** Prometheus' limit on the points of one series (web/api/v1, query_range). */
const MAX_STEPS = 11_000;

/** Undefined when nothing was asked for: series statements then run once, now. Throws 22023. */
export function gridOf(options: GridOptions): StepGrid | undefined {
  const { start, end, step, time } = options;
  if (time !== undefined) {
    if (start !== undefined || end !== undefined) throw invalid('give either time, or start and end');
    const at = milliseconds('time', time);
    return { start: at, end: at, step: 0 };
  }
  if (start === undefined && end === undefined && step === undefined) return undefined;
  if (start === undefined || end === undefined || step === undefined) throw invalid('a range needs start, end and step');
  return rangeOf({ start, end, step });
}

/** Evaluations at start, start + step … ≤ end. Throws 22023. */
export function rangeOf({ start, end, step }: Required<Omit<GridOptions, 'time'>>): StepGrid {
  const grid = { start: milliseconds('start', start), end: milliseconds('end', end), step: durationMs(step) };
  if (grid.end < grid.start) throw invalid('end timestamp must not be before start time');
  if (grid.step <= 0) throw invalid('zero or negative query resolution step widths are not accepted. Try a positive integer');
  if (Math.floor((grid.end - grid.start) / grid.step) > MAX_STEPS) {
    throw invalid(`exceeded maximum resolution of ${MAX_STEPS} points per timeseries`, 'Use a larger step, or a shorter range.');
  }
  return grid;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const RFC_3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Epoch seconds (a number or its text), RFC 3339 text or a Date, as milliseconds. */
export function milliseconds(name: string, value: number | string | Date): number {
  const ms = typeof value === 'object' ? value.getTime() : (secondsMs(value) ?? rfc3339Ms(String(value)));
  if (Number.isSafeInteger(ms)) return ms;
  throw invalid(`cannot parse "${String(value)}" to a valid timestamp`, `${name} takes epoch seconds or RFC 3339.`);
}

/** Seconds (a number or its text) or `1h30m`, as milliseconds. */
export function durationMs(value: number | string): number {
  const ms = secondsMs(value) ?? parseDurationMs(String(value));
  if (ms !== undefined && Number.isSafeInteger(ms)) return ms;
  throw invalid(`cannot parse "${value}" to a valid duration`, 'Give seconds, or units from large to small: 1h30m.');
}

function secondsMs(value: number | string): number | undefined {
  return typeof value === 'number' || NUMBER.test(value) ? Math.round(Number(value) * 1000) : undefined;
}

/** NaN for other text, and for a day that its month does not have, which Date takes for one of the next month. */
function rfc3339Ms(text: string): number {
  const day = RFC_3339.exec(text)?.[1];
  const isDay = day !== undefined && new Date(Date.parse(day)).getUTCDate() === Number(day.slice(-2));
  return isDay ? Date.parse(text) : Number.NaN;
}

function invalid(message: string, hint?: string): LumaError {
  return new LumaError(SQLSTATE.invalidParameterValue, message, { hint });
}
