import { detectLanguage } from '../../grammars/detect.ts';
import { languageNamed } from '../../grammars/registry.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import { positionOf } from '../types/span.ts';
import { convert, type EvaluationGrid } from './convert.ts';
import { type GridOptions, gridOf } from './grid.ts';
import type { Loss } from './loss.ts';
import type { MetricSchema } from './series-to-relation/context.ts';

export interface TranslateOptions extends GridOptions {
  /** A language's name, or `auto`. */
  readonly from: string;
  readonly to: string;
  /** Refuse a translation that loses anything; default true. */
  readonly strict?: boolean | undefined;
  /** Where a metric's samples lie; without it a metric is the table of its name with columns `time` and `value`. */
  readonly schema?: ((metric: string) => MetricSchema | undefined) | undefined;
}

export interface Translation {
  readonly text: string;
  readonly losses: readonly Loss[];
  /** The grid that the source text carried and the translation takes with the request instead. */
  readonly grid: EvaluationGrid | null;
}

/**
 * A text of one language in another, statement by statement. Throws what the source's parser throws, 0A000 for what the
 * target cannot say, and in strict mode 0A000 with every loss named.
 */
export function translate(text: string, options: TranslateOptions): Translation {
  const from = languageNamed(options.from === 'auto' ? detectLanguage(text) : options.from);
  const to = languageNamed(options.to);
  const grid = gridOf(options);
  const converted = from.parse(text).map((statement) => convert(statement, to, { grid, schema: options.schema }));
  const losses = converted.flatMap((each) => each.losses);
  if (losses.length > 0 && options.strict !== false) throw refusal(text, from.title, to.title, losses);
  return {
    text: converted.map(({ statement }) => to.print(statement)).join(';\n'),
    losses,
    grid: converted.find((each) => each.grid !== null)?.grid ?? null,
  };
}

function refusal(text: string, from: string, to: string, losses: readonly Loss[]): LumaError {
  const list = losses.map((loss) => {
    const { line, column } = positionOf(text, loss.span.start);
    return `${loss.code} at ${line}:${column}: ${loss.reason}`;
  });
  return new LumaError(SQLSTATE.featureNotSupported, `translating this ${from} to ${to} loses meaning: ${list.join('; ')}`, {
    span: losses[0]?.span,
    hint: 'Accept the losses with strict: false (--lossy), or say where the data lies.',
  });
}
