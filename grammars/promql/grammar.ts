import type { IToken, TokenType } from 'chevrotain';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { METRIC_NAME } from '../../src/types/series.ts';
import { joinSpans, type Span } from '../../src/types/span.ts';
import type { Aggregation, Matcher, SeriesExpression, VectorMatching } from '../ast/series.ts';
import { EmbeddedActionsParser } from '../chevrotain.ts';
import {
  aggregation,
  type BinaryModifiers,
  binary,
  fold,
  negate,
  type Operand,
  type OperatorUse,
  rangeOrSubquery,
  selector,
  withAt,
  withOffset,
} from './build.ts';
import { parseDuration, unquote } from './literals.ts';
import { syntaxMessages } from './syntax-error.ts';
import { matcherOf, milliseconds, numberValue, spanOf } from './token-values.ts';
import * as t from './tokens.ts';

/*
 * Grammar after Prometheus 3, promql/parser/generated_parser.y. Actions run once per parse and once with placeholder
 * tokens while chevrotain records the grammar, so whatever looks into a token or a node is wrapped in ACTION.
 */

type Grouping = Aggregation['grouping'];

export class PromqlGrammar extends EmbeddedActionsParser {
  constructor() {
    super(t.VOCABULARY, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: true,
      errorMessageProvider: syntaxMessages,
    });
    this.performSelfAnalysis();
  }

  expression = this.RULE('expression', (): SeriesExpression => this.SUBRULE(this.binary).expression);

  /** Operands and operators from left to right, `^` and signs inside the operands; folded by precedence. */
  private binary = this.RULE('binary', (): Operand => {
    const operands = [this.SUBRULE(this.unary)];
    const operators: OperatorUse[] = [];
    this.MANY(() => {
      const token = this.CONSUME(t.BinaryOperator);
      const modifiers = this.SUBRULE(this.modifiers);
      operands.push(this.SUBRULE1(this.unary));
      this.ACTION(() => operators.push({ operator: t.operatorOf(token.tokenType), modifiers }));
    });
    return this.ACTION(() => fold(operands, operators));
  });

  private unary = this.RULE(
    'unary',
    (): Operand =>
      this.OR([
        {
          ALT: () => {
            const sign = this.CONSUME(t.Sign);
            const operand = this.SUBRULE(this.unary);
            return this.ACTION(() => negate(sign.image === '-', spanOf(sign), operand));
          },
        },
        { ALT: () => this.SUBRULE(this.power) },
      ]),
  );

  private power = this.RULE('power', (): Operand => {
    let left = this.SUBRULE(this.postfix);
    this.OPTION(() => {
      this.CONSUME(t.Power);
      const modifiers = this.SUBRULE(this.modifiers);
      const right = this.SUBRULE(this.unary);
      left = this.ACTION(() => binary('power', left, right, modifiers));
    });
    return left;
  });

  private modifiers = this.RULE('modifiers', (): BinaryModifiers => {
    let returnBool = false;
    let matching: VectorMatching | null = null;
    this.OPTION(() => {
      this.CONSUME(t.Bool);
      returnBool = true;
    });
    this.OPTION1(() => {
      const on = this.OR([{ ALT: () => this.CONSUME(t.On) && true }, { ALT: () => this.CONSUME(t.Ignoring) && false }]);
      const labels = this.SUBRULE(this.labels);
      let cardinality: VectorMatching['cardinality'] = 'one_to_one';
      let include: readonly string[] = [];
      this.OPTION2(() => {
        cardinality = this.OR1([
          { ALT: () => this.CONSUME(t.GroupLeft) && ('many_to_one' as const) },
          { ALT: () => this.CONSUME(t.GroupRight) && ('one_to_many' as const) },
        ]);
        this.OPTION3(() => {
          include = this.SUBRULE1(this.labels);
        });
      });
      matching = { on, labels, cardinality, include };
    });
    return { returnBool, matching };
  });

  private labels = this.RULE('labels', (): readonly string[] => {
    const labels: string[] = [];
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      labels.push(this.SUBRULE(this.label));
      this.MANY({
        // A comma may trail.
        GATE: () => this.LA(2).tokenType !== t.RightParen,
        DEF: () => {
          this.CONSUME(t.Comma);
          labels.push(this.SUBRULE1(this.label));
        },
      });
      this.OPTION1(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.RightParen);
    return labels;
  });

  private label = this.RULE('label', (): string =>
    this.OR([
      { ALT: () => this.CONSUME(t.LabelName).image },
      {
        ALT: () => {
          const token = this.CONSUME(t.Text);
          return this.ACTION(() => {
            const name = unquote(token.image, spanOf(token));
            if (name !== '') return name;
            throw new LumaError(SQLSTATE.syntaxError, 'invalid label name for grouping: ""', { span: spanOf(token) });
          });
        },
      },
    ]),
  );

  private postfix = this.RULE('postfix', (): Operand => {
    let operand = this.SUBRULE(this.primary);
    this.MANY(() => {
      const base = operand;
      operand = this.OR([
        { ALT: () => this.SUBRULE(this.brackets, { ARGS: [base] }) },
        {
          ALT: () => {
            this.CONSUME(t.Offset);
            const duration = this.SUBRULE(this.duration);
            return this.ACTION(() => withOffset(base, duration));
          },
        },
        { ALT: () => this.SUBRULE(this.at, { ARGS: [base] }) },
      ]);
    });
    return operand;
  });

  private brackets = this.RULE('brackets', (base: Operand): Operand => {
    const open = this.CONSUME(t.LeftBracket);
    const range = this.SUBRULE(this.duration);
    let colon = false;
    let step: { readonly value: number; readonly span: Span } | null = null;
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      colon = true;
      this.OPTION1(() => {
        step = this.SUBRULE1(this.duration);
      });
    });
    const close = this.CONSUME(t.RightBracket);
    return this.ACTION(() => rangeOrSubquery(base, joinSpans(spanOf(open), spanOf(close)), range, colon, step));
  });

  private at = this.RULE('at', (base: Operand): Operand => {
    this.CONSUME(t.At);
    return this.OR([
      {
        ALT: () => {
          const { value, span } = this.SUBRULE(this.duration);
          return this.ACTION(() => withAt(base, { type: 'time', time: withoutSign(Math.round(value)) }, span));
        },
      },
      {
        ALT: () => {
          const token = this.OR1([{ ALT: () => this.CONSUME(t.Start) }, { ALT: () => this.CONSUME(t.End) }]);
          this.CONSUME(t.LeftParen);
          const close = this.CONSUME(t.RightParen);
          return this.ACTION(() =>
            withAt(base, { type: token.tokenType === t.Start ? 'start' : 'end' }, joinSpans(spanOf(token), spanOf(close))),
          );
        },
      },
    ]);
  });

  /** A signed number of seconds or a duration, in milliseconds. */
  private duration = this.RULE('duration', (): { readonly value: number; readonly span: Span } => {
    let sign: IToken | undefined;
    this.OPTION(() => {
      sign = this.CONSUME(t.Sign);
    });
    const token = this.OR([{ ALT: () => this.CONSUME(t.NumberToken) }, { ALT: () => this.CONSUME(t.Duration) }]);
    return this.ACTION(() => {
      const value = milliseconds(token);
      const span = sign === undefined ? spanOf(token) : joinSpans(spanOf(sign), spanOf(token));
      return { value: withoutSign(sign?.image === '-' ? -value : value), span };
    });
  });

  private primary = this.RULE(
    'primary',
    (): Operand =>
      this.OR([
        {
          ALT: () => {
            const open = this.CONSUME(t.LeftParen);
            const inner = this.SUBRULE(this.expression);
            const close = this.CONSUME(t.RightParen);
            return this.ACTION(() => ({
              expression: { ...inner, span: joinSpans(spanOf(open), spanOf(close)) },
              parenthesized: true,
            }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.Text);
            return this.ACTION(() => plain({ kind: 'string', span: spanOf(token), value: unquote(token.image, spanOf(token)) }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.NumberToken);
            return this.ACTION(() => plain({ kind: 'number', span: spanOf(token), value: numberValue(token) }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.Duration);
            const seconds = this.ACTION(() => parseDuration(token.image, spanOf(token)) / 1000);
            return this.ACTION(() => plain({ kind: 'number', span: spanOf(token), value: seconds }));
          },
        },
        { GATE: () => aggregates(this.LA(2).tokenType), ALT: () => this.SUBRULE(this.aggregate) },
        { GATE: () => this.LA(2).tokenType === t.LeftParen, ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.SUBRULE(this.selector) },
      ]),
  );

  private aggregate = this.RULE('aggregate', (): Operand => {
    const token = this.CONSUME(t.Aggregator);
    let grouping: Grouping | null = null;
    this.OPTION(() => {
      grouping = this.SUBRULE(this.grouping);
    });
    const { arguments: arguments_, close } = this.SUBRULE(this.arguments);
    let end = close;
    this.OPTION1({
      GATE: () => grouping === null,
      DEF: () => {
        grouping = this.SUBRULE1(this.grouping);
        end = this.LA(0);
      },
    });
    return this.ACTION(() =>
      plain(aggregation(t.aggregatorOf(token), joinSpans(spanOf(token), spanOf(end)), grouping, arguments_)),
    );
  });

  private grouping = this.RULE('grouping', (): Grouping => {
    const type = this.OR([
      { ALT: () => this.CONSUME(t.By) && ('by' as const) },
      { ALT: () => this.CONSUME(t.Without) && ('without' as const) },
    ]);
    return { type, labels: this.SUBRULE(this.labels) };
  });

  private call = this.RULE('call', (): Operand => {
    const name = this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.CONSUME(t.Start) },
      { ALT: () => this.CONSUME(t.End) },
    ]);
    const { arguments: arguments_, close } = this.SUBRULE(this.arguments);
    return this.ACTION(() =>
      plain({ kind: 'series_call', span: joinSpans(spanOf(name), spanOf(close)), name: name.image, arguments: arguments_ }),
    );
  });

  private arguments = this.RULE('arguments', (): { readonly arguments: readonly SeriesExpression[]; readonly close: IToken } => {
    const found: SeriesExpression[] = [];
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      found.push(this.SUBRULE(this.expression));
      this.MANY(() => {
        const comma = this.CONSUME(t.Comma);
        this.ACTION(() => {
          if (this.LA(1).tokenType !== t.RightParen) return;
          throw new LumaError(SQLSTATE.syntaxError, 'trailing commas not allowed in function call args', { span: spanOf(comma) });
        });
        found.push(this.SUBRULE1(this.expression));
      });
    });
    const close = this.CONSUME(t.RightParen);
    return { arguments: found, close };
  });

  private selector = this.RULE('selector', (): Operand => {
    let name: IToken | undefined;
    let matchers: readonly Matcher[] = [];
    const first = this.LA(1);
    this.OR([
      {
        ALT: () => {
          name = this.CONSUME(t.MetricName);
          this.OPTION(() => {
            matchers = this.SUBRULE(this.matchers);
          });
        },
      },
      {
        ALT: () => {
          matchers = this.SUBRULE1(this.matchers);
        },
      },
    ]);
    const last = this.LA(0);
    return this.ACTION(() => plain(selector(joinSpans(spanOf(first), spanOf(last)), name?.image ?? null, matchers)));
  });

  private matchers = this.RULE('matchers', (): readonly Matcher[] => {
    const matchers: Matcher[] = [];
    this.CONSUME(t.LeftBrace);
    this.OPTION(() => {
      matchers.push(this.SUBRULE(this.matcher));
      this.MANY({
        GATE: () => this.LA(2).tokenType !== t.RightBrace,
        DEF: () => {
          this.CONSUME(t.Comma);
          matchers.push(this.SUBRULE1(this.matcher));
        },
      });
      this.OPTION1(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.RightBrace);
    return matchers;
  });

  private matcher = this.RULE(
    'matcher',
    (): Matcher =>
      this.OR([
        {
          ALT: () => {
            const label = this.CONSUME(t.BraceIdentifier);
            const { operator: found, value } = this.SUBRULE(this.match);
            return this.ACTION(() => matcherOf(spanOf(label), label.image, found, value));
          },
        },
        {
          ALT: () => {
            const text = this.CONSUME(t.Text);
            let rest: { readonly operator: IToken; readonly value: IToken } | undefined;
            this.OPTION(() => {
              rest = this.SUBRULE1(this.match);
            });
            return this.ACTION((): Matcher => {
              const name = unquote(text.image, spanOf(text));
              if (rest !== undefined) return matcherOf(spanOf(text), name, rest.operator, rest.value);
              return { span: spanOf(text), label: METRIC_NAME, operator: 'equal', value: name };
            });
          },
        },
      ]),
  );

  private match = this.RULE('match', (): { readonly operator: IToken; readonly value: IToken } => {
    const found = this.OR([
      { ALT: () => this.CONSUME(t.Equal) },
      { ALT: () => this.CONSUME(t.NotEqual) },
      { ALT: () => this.CONSUME(t.MatchRegex) },
      { ALT: () => this.CONSUME(t.NotMatchRegex) },
    ]);
    const value = this.CONSUME(t.Text);
    return { operator: found, value };
  });
}

function plain(expression: SeriesExpression): Operand {
  return { expression, parenthesized: false };
}

/** Whether an aggregation's name is followed by what makes it one; else it is a metric of that name. */
function aggregates(next: TokenType): boolean {
  return next === t.LeftParen || next === t.By || next === t.Without;
}

/** 0 for −0: times and durations have one zero. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value;
}
