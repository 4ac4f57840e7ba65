import { LumaError } from '../../src/types/error.ts';
import { re2FullMatch } from '../../src/types/re2.ts';
import type { Span } from '../../src/types/span.ts';

/** The regular expression of a label matcher, which the whole value must match. Throws 2201B for what RE2 refuses. */
export function matcherRegExp(pattern: string, span: Span): RegExp {
  try {
    return re2FullMatch(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LumaError('2201B', `error parsing regexp: ${reason.replace(/^.*: (?=[^:]*$)/, '')}: "${pattern}"`, {
      span,
      hint: 'Regular expressions are RE2 syntax, without look-around and back-references.',
      cause,
    });
  }
}
