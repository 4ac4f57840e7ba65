import { detectLanguage } from '../../grammars/detect.ts';
import type { Language } from '../../grammars/language.ts';
import { languageNamed } from '../../grammars/registry.ts';
import type { Session } from '../engine/session.ts';

/** What a run of the shell goes by, and backslash commands change. */
export interface ShellState {
  readonly session: Session;
  dialect: string;
  format: string;
  timing: boolean;
  done: boolean;
}

export function initialState(session: Session, chosen: { readonly dialect: string; readonly format: string }): ShellState {
  return { session, dialect: chosen.dialect, format: chosen.format, timing: false, done: false };
}

/** The language that a text at the prompt is, as far as it goes. */
export function languageAtPrompt({ dialect }: ShellState, text: string): Language {
  return languageNamed(dialect === 'auto' ? detectLanguage(text) : dialect);
}

/** The language whose quotes and ends of statements count; `auto` is told from whole statements, which end as LQL's do. */
export function languageOf({ dialect }: ShellState): Language {
  return languageNamed(dialect === 'auto' ? 'lql' : dialect);
}
