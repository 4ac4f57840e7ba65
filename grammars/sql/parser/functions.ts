import { asLumaError, LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import { type IntervalField, type IntervalFields, parseInterval } from '../../../src/types/parse-interval.ts';
import type { Span } from '../../../src/types/span.ts';
import type { IntervalValue } from '../../../src/types/vector-read.ts';
import type { Expression, WindowSpecification } from '../../ast/expression.ts';
import type { OrderItem } from '../../ast/relation.ts';
import { type CallParts, call, cast, integerLiteral, literal, textLiteral } from '../build.ts';
import { Dot, FunctionName, Integer, Label, LeftParen, Name, payloadOf, RightParen, Star, Text } from '../lexer/tokens.ts';
import type { Rule } from './base.ts';
import { ExpressionParser } from './expressions.ts';

/** Calls: plain ones with what aggregates and windows add, and the standard's functions with a syntax of their own. */
export abstract class FunctionParser extends ExpressionParser {
  abstract readonly orderBy: Rule<OrderItem[]>;
  abstract readonly window: Rule<WindowSpecification>;

  /** Whether a name and an opening parenthesis follow. */
  protected override callAhead(): boolean {
    if (this.LA(2).tokenType === LeftParen) return this.isA(1, FunctionName);
    let next = 2;
    while (this.LA(next).tokenType === Dot && this.isA(next + 1, Label)) next += 2;
    return next > 2 && this.LA(next).tokenType === LeftParen;
  }

  /** The folded name as written, without the system's schema. */
  readonly functionName = this.RULE('functionName', (): string => {
    const start = this.mark();
    let name = payloadOf(this.OR([{ ALT: () => this.CONSUME(FunctionName) }, { ALT: () => this.CONSUME(Name) }]));
    this.MANY(() => {
      this.CONSUME(Dot);
      const inner = this.CONSUME(Label);
      this.ACTION(() => {
        if (name !== this.dialect.systemSchema) this.refuse('a function in a schema', start);
        name = payloadOf(inner);
      });
    });
    return name;
  });

  override readonly functionCall = this.RULE('functionCall', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const name = this.SUBRULE(this.functionName);
    this.CONSUME(LeftParen);
    const inside = this.SUBRULE(this.callArguments);
    this.CONSUME(RightParen);
    let filter: Expression | null = null;
    let over: WindowSpecification | null = null;
    this.OPTION(() => {
      this.CONSUME(k.FILTER);
      this.CONSUME2(LeftParen);
      this.CONSUME(k.WHERE);
      filter = this.SUBRULE(this.expression);
      this.CONSUME2(RightParen);
    });
    this.OPTION2(() => {
      this.CONSUME(k.OVER);
      over = this.SUBRULE(this.window);
    });
    return this.ACTION(() => this.calledAs(name, this.plainCall(name, { ...inside, filter, over }, this.spanFrom(start))));
  });

  /** What a call means; a dialect overrides it for functions whose arguments differ from LumaDB's. */
  protected plainCall(name: string, parts: CallParts, span: Span): Expression {
    return call(this.dialect.functionName(name), parts, span);
  }

  /** `*`, nothing, or `[DISTINCT | ALL] a, b [ORDER BY …]`. */
  protected readonly callArguments = this.RULE('callArguments', (): CallParts => {
    const k = this.vocabulary.keywords;
    return this.OR([
      {
        ALT: (): CallParts => {
          this.CONSUME(Star);
          return { arguments: [], star: true };
        },
      },
      {
        ALT: (): CallParts => {
          const distinct = this.OR2([this.word(k.DISTINCT, true), this.word(k.ALL, false)]);
          return { ...this.SUBRULE(this.orderedArguments), distinct };
        },
      },
      { ALT: (): CallParts => this.SUBRULE2(this.orderedArguments) },
      { ALT: (): CallParts => ({ arguments: [] }) },
    ]);
  });

  protected readonly orderedArguments = this.RULE('orderedArguments', (): CallParts => {
    const arguments_ = this.SUBRULE(this.expressionList);
    const orderBy = this.OPTION(() => this.SUBRULE(this.orderBy));
    return { arguments: arguments_, orderBy: orderBy ?? [] };
  });

  override readonly specialCall = this.RULE('specialCall', (): Expression => {
    const start = this.mark();
    const k = this.vocabulary.keywords;
    return this.OR([
      { ALT: (): Expression => this.SUBRULE(this.listCall) },
      { ALT: (): Expression => this.SUBRULE(this.extract) },
      { ALT: (): Expression => this.SUBRULE(this.substring) },
      { ALT: (): Expression => this.SUBRULE(this.position) },
      { ALT: (): Expression => this.SUBRULE(this.trim) },
      { ALT: (): Expression => this.SUBRULE(this.overlay) },
      { ALT: (): Expression => this.SUBRULE(this.currentTime) },
      {
        ALT: (): Expression => {
          const names = this.OR2([
            this.word(k.CURRENT_USER, ['current_user', 'current_user']),
            this.word(k.CURRENT_ROLE, ['current_role', 'current_user']),
            this.word(k.USER, ['user', 'current_user']),
            this.word(k.SESSION_USER, ['session_user', 'session_user']),
            this.word(k.CURRENT_CATALOG, ['current_catalog', 'current_database']),
            this.word(k.CURRENT_SCHEMA, ['current_schema', 'current_schema']),
          ]);
          return this.ACTION(() => {
            const [written, name] = names;
            return this.calledAs(written, call(name, { arguments: [] }, this.spanFrom(start)));
          });
        },
      },
    ]);
  });

  /** COALESCE, NULLIF, GREATEST, LEAST: keywords only because the standard says so. */
  protected readonly listCall = this.RULE('listCall', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const name = this.OR([
      this.word(k.COALESCE, 'coalesce'),
      this.word(k.NULLIF, 'nullif'),
      this.word(k.GREATEST, 'greatest'),
      this.word(k.LEAST, 'least'),
    ]);
    this.CONSUME(LeftParen);
    const arguments_ = this.SUBRULE(this.expressionList);
    this.CONSUME(RightParen);
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      if (name === 'nullif' && arguments_.length !== 2) {
        throw new LumaError(SQLSTATE.syntaxError, 'NULLIF takes two arguments', { span });
      }
      return call(name, { arguments: arguments_ }, span);
    });
  });

  /** EXTRACT(field FROM value); the field is a word or a string. */
  protected readonly extract = this.RULE('extract', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.EXTRACT);
    this.CONSUME(LeftParen);
    const field = this.OR([{ ALT: () => this.CONSUME(Label) }, { ALT: () => this.CONSUME(Text) }]);
    this.CONSUME(k.FROM);
    const value = this.SUBRULE(this.expression);
    this.CONSUME(RightParen);
    return this.ACTION(() => {
      const { startOffset, endOffset = startOffset } = field;
      const name = textLiteral(payloadOf(field).toLowerCase(), { start: startOffset, end: endOffset + 1 });
      return call('extract', { arguments: [name, value] }, this.spanFrom(start));
    });
  });

  /** SUBSTRING(text FROM start FOR count), either part alone in either order, or plain arguments. */
  protected readonly substring = this.RULE('substring', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.SUBSTRING);
    this.CONSUME(LeftParen);
    const arguments_ = this.SUBRULE(this.expressionList);
    let from: Expression | undefined;
    let count: Expression | undefined;
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(k.FROM);
            from = this.SUBRULE(this.expression);
            this.OPTION2(() => {
              this.CONSUME(k.FOR);
              count = this.SUBRULE2(this.expression);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME2(k.FOR);
            count = this.SUBRULE3(this.expression);
            this.OPTION3(() => {
              this.CONSUME2(k.FROM);
              from = this.SUBRULE4(this.expression);
            });
          },
        },
      ]);
    });
    this.CONSUME(RightParen);
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      if (from === undefined && count === undefined) return call('substring', { arguments: arguments_ }, span);
      if (arguments_.length > 1) return this.refuse('SUBSTRING with both commas and FROM', start);
      const parts = [...arguments_, from ?? integerLiteral(1, span), ...(count === undefined ? [] : [count])];
      return call('substring', { arguments: parts }, span);
    });
  });

  /** POSITION(part IN text) */
  protected readonly position = this.RULE('position', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.POSITION);
    this.CONSUME(LeftParen);
    const part = this.SUBRULE(this.expression, { ARGS: [0, true] });
    this.CONSUME(k.IN);
    const text = this.SUBRULE2(this.expression, { ARGS: [0, true] });
    this.CONSUME(RightParen);
    return this.ACTION(() => this.calledAs('position', call('strpos', { arguments: [text, part] }, this.spanFrom(start))));
  });

  /** TRIM([BOTH | LEADING | TRAILING] [characters FROM] text) */
  protected readonly trim = this.RULE('trim', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.TRIM);
    this.CONSUME(LeftParen);
    const side = this.OPTION(() =>
      this.OR([this.word(k.BOTH, 'btrim'), this.word(k.LEADING, 'ltrim'), this.word(k.TRAILING, 'rtrim')]),
    );
    const first = this.OPTION2(() => this.SUBRULE(this.expressionList));
    const from = this.OPTION3(() => {
      this.CONSUME(k.FROM);
      return this.SUBRULE2(this.expressionList);
    });
    this.CONSUME(RightParen);
    return this.ACTION(() => {
      const arguments_ = from === undefined ? (first ?? []) : [...from, ...(first ?? [])];
      if (arguments_.length === 0) return this.refuse('TRIM of nothing', start);
      return call(side ?? 'btrim', { arguments: arguments_ }, this.spanFrom(start));
    });
  });

  /** OVERLAY(text PLACING other FROM start [FOR count]), or plain arguments. */
  protected readonly overlay = this.RULE('overlay', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.OVERLAY);
    this.CONSUME(LeftParen);
    const arguments_ = this.SUBRULE(this.expressionList);
    const placing: Expression[] = [];
    this.OPTION(() => {
      this.CONSUME(k.PLACING);
      placing.push(this.SUBRULE(this.expression));
      this.CONSUME(k.FROM);
      placing.push(this.SUBRULE2(this.expression));
      this.OPTION2(() => {
        this.CONSUME(k.FOR);
        placing.push(this.SUBRULE3(this.expression));
      });
    });
    this.CONSUME(RightParen);
    return this.ACTION(() => call('overlay', { arguments: [...arguments_, ...placing] }, this.spanFrom(start)));
  });

  /** CURRENT_DATE, and the timestamps with an optional precision, which is a cast. */
  protected readonly currentTime = this.RULE('currentTime', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const written = this.OR([
      this.word(k.CURRENT_DATE, 'current_date'),
      this.word(k.CURRENT_TIMESTAMP, 'current_timestamp'),
      this.word(k.LOCALTIMESTAMP, 'localtimestamp'),
      this.word(k.CURRENT_TIME, 'current_time'),
      this.word(k.LOCALTIME, 'localtime'),
    ]);
    const digits = this.OPTION(() => {
      this.CONSUME(LeftParen);
      const number = payloadOf(this.CONSUME(Integer));
      this.CONSUME(RightParen);
      return number;
    });
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      if (written === 'current_time' || written === 'localtime') throw notSupported('a time without a date', { span });
      const zoned = written === 'current_timestamp';
      const value = this.calledAs(written, call(zoned ? 'now' : written, { arguments: [] }, span));
      if (digits === undefined) return value;
      if (written === 'current_date') return this.refuse('CURRENT_DATE with a precision', start);
      const name = zoned ? 'timestamp with time zone' : 'timestamp';
      return cast(value, this.dialect.dataType({ name, arguments: [Number(digits)], span }), span);
    });
  });

  override readonly intervalLiteral = this.RULE('intervalLiteral', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.INTERVAL);
    this.OPTION(() => {
      this.CONSUME(LeftParen);
      this.refuse('a precision of INTERVAL', start);
    });
    const text = this.CONSUME(Text);
    const fields = this.OPTION2(() => this.SUBRULE(this.intervalFields));
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      return literal({ type: 'interval', ...intervalValue(payloadOf(text), fields ?? null, span) }, span);
    });
  });

  protected readonly intervalFields = this.RULE('intervalFields', (): IntervalFields => {
    const first = this.SUBRULE(this.intervalField);
    let last = first;
    this.OPTION(() => {
      this.CONSUME(this.vocabulary.keywords.TO);
      last = this.SUBRULE2(this.intervalField);
    });
    return { first, last };
  });

  protected readonly intervalField = this.RULE('intervalField', (): IntervalField => {
    const k = this.vocabulary.keywords;
    return this.OR([
      this.word(k.YEAR, 'year'),
      this.word(k.MONTH, 'month'),
      this.word(k.DAY, 'day'),
      this.word(k.HOUR, 'hour'),
      this.word(k.MINUTE, 'minute'),
      this.word(k.SECOND, 'second'),
    ]);
  });
}

function intervalValue(text: string, fields: IntervalFields | null, span: Span): IntervalValue {
  try {
    return parseInterval(text, fields);
  } catch (thrown) {
    throw asLumaError(thrown).at(span);
  }
}
