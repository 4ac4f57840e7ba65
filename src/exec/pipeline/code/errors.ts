import { LumaError } from '../../../types/error.ts';
import type { Span } from '../../../types/span.ts';

interface Raised {
  readonly code: string;
  readonly message: string;
  readonly span: Span | undefined;
  readonly hint: string | undefined;
}

/** The errors that one run's code can raise, numbered from 1. */
export class ErrorTable {
  readonly #errors: Raised[] = [];
  readonly #numbers = new Map<string, number>();

  add(error: Raised): number {
    const key = JSON.stringify(error);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#errors.push(error);
    this.#numbers.set(key, number);
    return number;
  }

  /** The error; `text` stands in for the `%` of its message. */
  get(number: number, text: string): LumaError | undefined {
    const error = this.#errors[number - 1];
    if (error === undefined) return undefined;
    return new LumaError(
      error.code,
      error.message.replace('%', () => text),
      { span: error.span, hint: error.hint },
    );
  }
}
