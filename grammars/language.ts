import type { Statement } from './ast/statement.ts';

/**
 * One query language: a folder of `grammars/` and a line in `registry.ts`.
 * `parse` throws LumaError with position, what was expected and a hint; it never drops what it does not know.
 */
export interface Language {
  /** As in `--dialect`: lower case. */
  readonly name: string;
  readonly title: string;
  readonly family: 'native' | 'sql' | 'series' | 'pipeline';
  /** All statements of a text; an empty text has none. */
  parse(text: string): readonly Statement[];
  /** Canonical text of a statement: parsing it gives the same tree, spans apart. Throws 0A000 for what the language cannot say. */
  print(statement: Statement): string;
  /** How sure this language is that `text` is its own, 0 to 1; cheap, and never throws. */
  recognize(text: string): number;
}

/** Whether its statements have SQL's quotes and comments, and end with a semicolon. */
export function hasSqlStatements({ family }: Language): boolean {
  return family === 'native' || family === 'sql';
}
