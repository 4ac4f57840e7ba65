/** A new unit: the files to write, the lines to add to files that exist, and what to do next. */
export interface Unit {
  readonly files: readonly NewFile[];
  readonly edits: readonly Edit[];
  /** One step per entry, as sentences. */
  readonly next: readonly string[];
}

/** Paths are relative to the project's folder, with slashes. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

export interface Edit {
  readonly path: string;
  readonly apply: (text: string) => string;
}

/** What a person asked for, in words they can act on. */
export class Refusal extends Error {}

export type UnitKind = 'dialect' | 'rule' | 'operator' | 'function';

/** The unit of a name that fits; throws Refusal when it does not. */
export type Template = (name: string, folder: string | undefined) => Unit;
