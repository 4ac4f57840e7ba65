import { LumaError, SQLSTATE } from '../src/types/error.ts';
import type { Language } from './language.ts';
import { languages } from './registry.ts';

export interface Detection {
  readonly language: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Below this, a language does not claim the text and is not asked to parse it. */
const CLAIM = 0.05;
/** What only one language parses is that language, however plain it looks. */
const ONLY_ONE = 0.95;
/** A claim on a text that the language cannot parse counts this much. */
const UNPARSED = 0.3;

/**
 * Which language a text is in, best first, every language of the registry once. Tokens give a first guess
 * (`Language.recognize`), parsing decides between the guesses. Never throws; an empty text is equally likely in all.
 */
export function detect(text: string): readonly Detection[] {
  const claims = languages.map((language) => {
    const evidence = language.recognize(text);
    return { language, evidence, parses: evidence >= CLAIM && parses(language, text) };
  });
  const parsing = claims.filter((claim) => claim.parses);
  const ranked = claims.map(({ language, evidence, parses: good }) => {
    const alone = good && parsing.length === 1;
    const weight = good || parsing.length === 0 ? 1 : UNPARSED;
    return { language: language.name, confidence: alone ? Math.max(ONLY_ONE, evidence) : evidence * weight };
  });
  return ranked.sort((a, b) => b.confidence - a.confidence);
}

/** The name of the likeliest language. */
export function detectLanguage(text: string): string {
  const [best] = detect(text);
  if (best === undefined) throw new LumaError(SQLSTATE.internalError, 'no language is registered');
  return best.language;
}

/** Whether the text has the language's shape; what is refused for its meaning, or as unsupported, still has it. */
function parses(language: Language, text: string): boolean {
  try {
    return language.parse(text).length > 0;
  } catch (error) {
    return error instanceof LumaError && error.code !== SQLSTATE.syntaxError && error.code !== SQLSTATE.internalError;
  }
}
