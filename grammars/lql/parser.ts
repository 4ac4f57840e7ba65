import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';
import type { Expression, Literal } from '../ast/expression.ts';
import type { Alias, Relation, SeriesRelation } from '../ast/relation.ts';
import type { SeriesExpression } from '../ast/series.ts';
import type { ColumnRole, Statement } from '../ast/statement.ts';
import { mapSpans, shiftSpans } from '../ast/visit-spans.ts';
import { parseSeriesExpression } from '../promql/parser.ts';
import { lazyParser } from '../sql/parser/base.ts';
import { StatementParser } from '../sql/parser/statements.ts';
import { LQL } from './dialect.ts';

class LqlParser extends StatementParser {
  private source = '';

  constructor() {
    super(LQL);
    this.performSelfAnalysis();
  }

  parse(text: string): readonly Statement[] {
    this.source = text;
    return this.parseText(text, this.statements);
  }

  override readonly columnRole = this.RULE(
    'columnRole',
    (): ColumnRole =>
      this.OR([
        this.word(this.vocabulary.keywords.TIME, 'time'),
        this.word(this.ownWord('TAG'), 'tag'),
        this.word(this.ownWord('FIELD'), 'field'),
      ]),
  );

  protected override functionRelation(
    name: string,
    arguments_: readonly Expression[],
    alias: Alias | null,
    span: Span,
    nameSpan: Span,
  ): Relation {
    if (name !== 'promql') return super.functionRelation(name, arguments_, alias, span, nameSpan);
    return this.seriesRelation(arguments_, alias, span, nameSpan);
  }

  /** promql('text', time) or promql('text', start, end, step). */
  private seriesRelation(arguments_: readonly Expression[], alias: Alias | null, span: Span, nameSpan: Span): SeriesRelation {
    const [text, start, end = start, step = null] = arguments_;
    const hint = "Write promql('query', time) or promql('query', start, end, step).";
    if (text?.kind !== 'literal' || text.value.type !== 'text') {
      const place = text?.span ?? nameSpan;
      throw new LumaError(SQLSTATE.syntaxError, 'promql takes a query as a string literal', { span: place, hint });
    }
    if (start === undefined || end === undefined || arguments_.length === 3 || arguments_.length > 4) {
      throw new LumaError(SQLSTATE.undefinedFunction, `promql does not take ${arguments_.length} arguments`, {
        span: nameSpan,
        hint,
      });
    }
    return { kind: 'series_relation', span, expression: this.embedded(text, text.value.value), start, end, step, alias };
  }

  /**
   * A PromQL expression inside a string literal, its places moved to the outer text. Where the literal has escapes or
   * doubled quotes, so that places would not agree, everything stands where the literal stands.
   */
  private embedded(literal: Literal, query: string): SeriesExpression {
    const within = this.source.slice(literal.span.start, literal.span.end).indexOf(query);
    const offset = within < 0 ? undefined : literal.span.start + within;
    try {
      const expression = parseSeriesExpression(query);
      return offset === undefined ? mapSpans(expression, () => literal.span) : shiftSpans(expression, offset);
    } catch (thrown) {
      if (!(thrown instanceof LumaError)) throw thrown;
      const { code, message, hint, expected, cause } = thrown;
      const inner = thrown.span;
      const span =
        inner === undefined || offset === undefined ? literal.span : { start: inner.start + offset, end: inner.end + offset };
      throw new LumaError(code, message, { span, hint, expected, cause });
    }
  }
}

const parser = lazyParser(() => new LqlParser());

/** All statements of an LQL text. */
export function parse(text: string): readonly Statement[] {
  return parser().parse(text);
}
