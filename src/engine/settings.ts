import { LumaError, SQLSTATE } from '../types/error.ts';
import { didYouMean } from '../types/nearest.ts';

/** A session variable: how SET's text is checked and what SHOW says before any SET. */
interface Setting {
  readonly initial: string;
  /** The canonical text, or undefined when the value is not allowed; `allowed` says what is. */
  readonly parse: (text: string) => string | undefined;
  readonly allowed: string;
}

const anything = (initial: string): Setting => ({ initial, parse: (text) => text, allowed: 'text' });
const oneOf = (...values: readonly string[]): Setting => ({
  initial: values[0] ?? '',
  parse: (text) => values.find((value) => value.toLowerCase() === text.toLowerCase()),
  allowed: values.join(', '),
});
const fixed = (value: string): Setting => ({
  initial: value,
  parse: (text) => (text === value ? value : undefined),
  allowed: value,
});

/** Milliseconds, with PostgreSQL's units. */
const duration = (initial: string): Setting => ({
  initial,
  parse: (text) => (/^\d+\s*(ms|s|min|h|d)?$/.test(text.trim()) ? text.trim() : undefined),
  allowed: 'a number of milliseconds, or a number with ms, s, min, h or d',
});
const bytes = (initial: string): Setting => ({
  initial,
  parse: (text) => (/^\d+\s*(B|kB|MB|GB)?$/.test(text.trim()) ? text.trim() : undefined),
  allowed: 'a number of bytes, or a number with kB, MB or GB',
});

/** PostgreSQL's names where clients set them when they connect; ours are described in docs/settings.md. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  application_name: anything(''),
  client_encoding: { initial: 'UTF8', parse: encoding, allowed: 'UTF8, or SQL_ASCII for no conversion' },
  client_min_messages: oneOf('notice', 'debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'info', 'warning', 'error'),
  datestyle: { initial: 'ISO, MDY', parse: (text) => (/^iso\b/i.test(text) ? 'ISO, MDY' : undefined), allowed: 'ISO' },
  default_transaction_isolation: oneOf('repeatable read'),
  disabled_rules: anything(''),
  extra_float_digits: { initial: '1', parse: (text) => (/^-?\d+$/.test(text) ? text : undefined), allowed: 'an integer' },
  integer_datetimes: fixed('on'),
  intervalstyle: oneOf('postgres'),
  memory_limit: bytes('0'),
  search_path: anything('public'),
  server_encoding: fixed('UTF8'),
  server_version: fixed('16.4'),
  standard_conforming_strings: oneOf('on'),
  statement_timeout: duration('0'),
  timezone: { initial: 'UTC', parse: (text) => (/^(utc|gmt|etc\/utc|z)$/i.test(text) ? 'UTC' : undefined), allowed: 'UTC' },
  transaction_isolation: oneOf('repeatable read'),
};

/** PostgreSQL compares the letters and digits of an encoding's name only (documentation, 24.3.3). */
function encoding(text: string): string | undefined {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (name === 'utf8' || name === 'unicode') return 'UTF8';
  return name === 'sqlascii' ? 'SQL_ASCII' : undefined;
}

const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** The variables of one session. What a transaction block sets is undone when the block is rolled back. */
export class Settings {
  #values = new Map<string, string>();
  /** What RESET goes back to where the session began with other than the usual value. */
  readonly #defaults = new Map<string, string>();
  /** Of SET LOCAL, until the block ends. */
  readonly #local = new Map<string, string>();
  /** The values at the beginning of the open block. */
  #before: ReadonlyMap<string, string> | undefined;

  /** Throws 42704 for a name nobody has. */
  get(name: string): string {
    const key = name.toLowerCase();
    return this.#local.get(key) ?? this.#values.get(key) ?? this.#defaults.get(key) ?? settingNamed(key).initial;
  }

  /** What a client begins with (documentation, RESET: "options of the client session"). Throws what `set` throws. */
  setDefault(name: string, value: string): void {
    this.#defaults.set(...checked(name, value));
  }

  /** A transaction block begins. */
  begin(): void {
    this.#before = new Map(this.#values);
  }

  /** The block, if there is one, ends: local values go, and all that it set unless it is kept. */
  end(kept: boolean): void {
    if (!kept && this.#before !== undefined) this.#values = new Map(this.#before);
    this.#before = undefined;
    this.#local.clear();
  }

  /** For the open block only; throws 25P01 without one, and what `set` throws. */
  setLocal(name: string, value: string): void {
    const [key, parsed] = checked(name, value);
    if (this.#before === undefined) {
      throw new LumaError(SQLSTATE.noActiveTransaction, 'SET LOCAL can only be used in transaction blocks', {
        hint: 'Send BEGIN before it, or leave LOCAL out.',
      });
    }
    this.#local.set(key, parsed);
  }

  /**
   * Throws 42704 for an unknown name and 22023 for a value that is not allowed. Null: back to the default; `all` with
   * null: all of them.
   */
  set(name: string, value: string | null): void {
    const key = name.toLowerCase();
    if (key === 'all' && value === null) {
      this.#values.clear();
      this.#local.clear();
      return;
    }
    settingNamed(key);
    this.#local.delete(key);
    if (value === null) this.#values.delete(key);
    else this.#values.set(...checked(name, value));
  }

  /** Name and value of every variable, in name order. */
  all(): readonly { readonly name: string; readonly value: string }[] {
    return Object.keys(SETTINGS)
      .sort()
      .map((name) => ({ name, value: this.get(name) }));
  }

  get disabledRules(): ReadonlySet<string> {
    return new Set(
      this.get('disabled_rules')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
  }

  /** Milliseconds; 0: none. */
  get statementTimeout(): number {
    return quantity(this.get('statement_timeout'), DURATION_MS, 'ms');
  }

  /** Bytes one query may use; 0: as the database has it. */
  get memoryLimit(): number {
    return quantity(this.get('memory_limit'), BYTES, 'B');
  }
}

/** The canonical name and value. */
function checked(name: string, value: string): readonly [key: string, value: string] {
  const key = name.toLowerCase();
  const { parse, allowed } = settingNamed(key);
  const parsed = parse(value);
  if (parsed !== undefined) return [key, parsed];
  throw new LumaError(SQLSTATE.invalidParameterValue, `invalid value for "${key}": "${value}"`, { hint: `It takes ${allowed}.` });
}

function settingNamed(name: string): Setting {
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (setting !== undefined) return setting;
  throw new LumaError(SQLSTATE.undefinedObject, `there is no setting "${name}"`, {
    hint: didYouMean(name, Object.keys(SETTINGS)) ?? 'SHOW ALL lists the settings.',
  });
}

function quantity(text: string, units: Readonly<Record<string, number>>, byDefault: string): number {
  const match = /^(\d+)\s*([A-Za-z]*)$/.exec(text);
  return Number(match?.[1] ?? 0) * (units[match?.[2] || byDefault] ?? 1);
}
