import fc from 'fast-check';

/**
 * Decisions taken from a list of numbers: each takes the next one, 0 once they run out. The first option of every choice is
 * the simplest, so that fast-check, which shrinks the list, shrinks what is written with it.
 */
export class Choices {
  readonly #numbers: ArrayLike<number>;
  #next = 0;

  constructor(numbers: ArrayLike<number>) {
    this.#numbers = numbers;
  }

  /** From 0 up to, not including, `limit` (at most 65536). */
  below(limit: number): number {
    return limit <= 256 ? this.#byte() % limit : (this.#byte() * 256 + this.#byte()) % limit;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1;
  }

  /** Between `least` and `most` results of `make`. */
  some<T>(least: number, most: number, make: (position: number) => T): readonly T[] {
    return Array.from({ length: this.between(least, most) }, (_, position) => make(position));
  }

  /** The result of one of the makers, which is the only one called. */
  make<T>(...makers: readonly [() => T, ...(() => T)[]]): T {
    return this.pick(makers)();
  }

  #byte(): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number;
  }
}

/** Numbers for a query. */
export const decisions: fc.Arbitrary<Uint8Array> = fc.noBias(fc.uint8Array({ minLength: 8, maxLength: 240, size: 'max' }));
