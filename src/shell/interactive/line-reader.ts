import { createInterface, type Interface } from 'node:readline';

/** What a person did at the prompt. */
export type Input = { readonly text: string } | 'interrupted' | 'ended';

export interface LineReaderOptions {
  /** Newest first. */
  readonly history: string[];
  complete(line: string): [found: string[], replaced: string];
}

/**
 * Lines from the terminal. Those that come while nobody asks are kept, so that a pasted text loses none. The history holds
 * whole statements: `remember` adds one, single lines are not kept.
 */
export class LineReader {
  readonly #lines: Interface;
  readonly #waiting: Input[] = [];
  #history: string[];
  #resolve: ((input: Input) => void) | undefined;
  #ended = false;

  constructor({ history, complete }: LineReaderOptions) {
    this.#history = history;
    this.#lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      history,
      historySize: 1000,
      completer: complete,
    });
    this.#lines.on('history', (lines) => {
      lines.shift();
      this.#history = lines;
    });
    this.#lines.on('line', (text) => this.#give({ text }));
    this.#lines.on('close', () => {
      this.#ended = true;
      this.#give('ended');
    });
  }

  /** Shows a prompt and waits for a line, Ctrl-C or Ctrl-D. */
  async next(prompt: string): Promise<Input> {
    const known = this.#waiting.shift();
    if (known !== undefined) {
      // It was echoed when it was typed; here is the prompt it belongs to.
      if (known !== 'ended') process.stdout.write(`${prompt}${known === 'interrupted' ? '' : known.text}\n`);
      return known;
    }
    if (this.#ended) return 'ended';
    this.#lines.setPrompt(prompt);
    this.#lines.prompt();
    const interrupt = (): void => {
      this.#lines.write(null, { ctrl: true, name: 'e' });
      this.#lines.write(null, { ctrl: true, name: 'u' });
      process.stdout.write('^C\n');
      this.#give('interrupted');
    };
    this.#lines.on('SIGINT', interrupt);
    try {
      return await new Promise<Input>((resolve) => {
        this.#resolve = resolve;
      });
    } finally {
      this.#lines.off('SIGINT', interrupt);
    }
  }

  /** Runs `work` with a signal that Ctrl-C raises. */
  async interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    const interrupt = (): void => {
      // What was pasted behind the statement is not run either.
      this.#waiting.length = 0;
      controller.abort();
    };
    this.#lines.on('SIGINT', interrupt);
    try {
      return await work(controller.signal);
    } finally {
      this.#lines.off('SIGINT', interrupt);
    }
  }

  /** Makes a statement the newest of the history. */
  remember(text: string): void {
    const known = this.#history.indexOf(text);
    if (known >= 0) this.#history.splice(known, 1);
    this.#history.unshift(text);
  }

  close(): void {
    this.#lines.close();
  }

  #give(input: Input): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    if (resolve === undefined) this.#waiting.push(input);
    else resolve(input);
  }
}
