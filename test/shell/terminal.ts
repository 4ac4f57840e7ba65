import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** Whether there is util-linux's `script`, which gives a program a terminal. */
export const TERMINALS: boolean = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') === true;

/** A program at a terminal of 100 columns, whose keys a test presses. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #seen = 0;
  #wake: () => void = () => {};
  #ended = false;

  constructor(command: string, env: Readonly<Record<string, string>> = {}) {
    // The program takes the shell's place: a shell that stays in the foreground group may die of the Ctrl-C itself, with status 130.
    this.#child = spawn('script', ['-qefc', `stty cols 100 rows 50; exec ${command}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    });
    this.#child.stdout.on('data', (chunk) => {
      this.#output += chunk;
      this.#wake();
    });
    this.#child.stdin.on('error', () => {});
    this.#child.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until what was not seen before matches; gives it, without colours and cursor movements. Throws what was there instead. */
  async see(pattern: RegExp | string, ms = 20_000): Promise<string> {
    const late = AbortSignal.timeout(ms);
    late.addEventListener('abort', () => this.#wake());
    for (;;) {
      const fresh = stripVTControlCharacters(this.#output.slice(this.#seen)).replaceAll('\r', '');
      if (typeof pattern === 'string' ? fresh.includes(pattern) : pattern.test(fresh)) {
        this.#seen = this.#output.length;
        return fresh;
      }
      if (late.aborted || this.#ended) throw new Error(`waited for ${String(pattern)}, saw ${JSON.stringify(fresh)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Waits for the program's end; gives its exit status. */
  async end(): Promise<number | null> {
    if (!this.#ended) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** Ends the program, whatever it does. */
  kill(): void {
    if (!this.#ended) this.#child.kill('SIGHUP');
  }
}
