import { asLumaError, LumaError, SQLSTATE } from '../types/error.ts';

/** The caller's cancel signal and the statement timeout as one signal. */
export interface Deadline {
  readonly signal: AbortSignal | undefined;
  /** Throws 57014 when it has passed. */
  check(): void;
  /** What was thrown, as a LumaError; a cancel that the timeout caused says so. */
  explain(thrown: unknown): LumaError;
  stop(): void;
}

/** `timeoutMs` 0: only the caller's signal counts. */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  let timedOut = false;
  let combined = signal;
  let timer: NodeJS.Timeout | undefined;
  if (timeoutMs > 0) {
    const controller = new AbortController();
    timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, timeoutMs);
    combined = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  }
  const cancelled = (): LumaError =>
    new LumaError(
      SQLSTATE.queryCanceled,
      timedOut ? 'canceling statement due to statement timeout' : 'canceling statement due to user request',
      { hint: timedOut ? 'Raise it with SET statement_timeout.' : undefined },
    );
  return {
    signal: combined,
    check: () => {
      if (combined?.aborted === true) throw cancelled();
    },
    explain: (thrown) => {
      const error = asLumaError(thrown);
      return error.code === SQLSTATE.queryCanceled && combined?.aborted === true ? cancelled() : error;
    },
    stop: () => clearTimeout(timer),
  };
}
