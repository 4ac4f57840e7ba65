import type { Case, Expression } from '../../ast/expression.ts';
import type { Query } from '../../ast/relation.ts';
import { cast, floatLiteral, literal, textLiteral, unary } from '../build.ts';
import {
  Comma,
  Decimal,
  Dot,
  Float,
  Integer,
  Label,
  LeftParen,
  Name,
  opensQuery,
  Parameter,
  payloadOf,
  RightParen,
  Sign,
  Star,
  Text,
} from '../lexer/tokens.ts';
import { LEVEL } from '../precedence.ts';
import type { Rule } from './base.ts';
import { TypeParser } from './types.ts';

/** What operators stand between: signed and negated operands, literals, CASE, CAST, subqueries, calls and columns. */
export abstract class OperandParser extends TypeParser {
  abstract readonly expression: Rule<Expression, [minimum?: number, restricted?: boolean]>;
  abstract readonly subquery: Rule<Query>;
  /** `f(…)`, `EXTRACT(… FROM …)`, `CURRENT_DATE`. */
  abstract readonly functionCall: Rule<Expression>;
  abstract readonly specialCall: Rule<Expression>;
  abstract readonly intervalLiteral: Rule<Expression>;
  protected abstract callAhead(): boolean;

  protected readonly operand = this.RULE('operand', (restricted: boolean = false): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    return this.OR([
      {
        GATE: () => !restricted,
        ALT: (): Expression => {
          this.CONSUME(k.NOT);
          const operand = this.SUBRULE(this.expression, { ARGS: [LEVEL.not] });
          return unary('not', operand, this.spanFrom(start));
        },
      },
      {
        ALT: (): Expression => {
          const sign = this.CONSUME(Sign);
          const operand = this.SUBRULE2(this.expression, { ARGS: [LEVEL.sign, restricted] });
          return unary(sign.image === '-' ? 'negate' : 'plus', operand, this.spanFrom(start));
        },
      },
      { ALT: (): Expression => this.SUBRULE(this.literal) },
      { ALT: (): Expression => this.SUBRULE(this.case) },
      {
        ALT: (): Expression => {
          this.CONSUME(k.CAST);
          this.CONSUME(LeftParen);
          const operand = this.SUBRULE3(this.expression);
          this.CONSUME(k.AS);
          const type = this.SUBRULE(this.dataType);
          this.CONSUME(RightParen);
          return cast(operand, type, this.spanFrom(start));
        },
      },
      {
        GATE: () => this.ahead(k.EXISTS, LeftParen),
        ALT: (): Expression => {
          this.CONSUME(k.EXISTS);
          const query = this.SUBRULE(this.subquery);
          return { kind: 'exists', span: this.spanFrom(start), query };
        },
      },
      {
        GATE: () => opensQuery(this.LA(1)),
        ALT: (): Expression => {
          const query = this.SUBRULE2(this.subquery);
          return { kind: 'scalar_subquery', span: this.spanFrom(start), query };
        },
      },
      {
        ALT: (): Expression => {
          this.CONSUME2(LeftParen);
          const inside = this.SUBRULE4(this.expression);
          this.OPTION(() => {
            this.CONSUME(Comma);
            this.refuse('a row constructor', start);
          });
          this.CONSUME2(RightParen);
          return inside;
        },
      },
      { GATE: () => this.typedLiteralAhead(), ALT: (): Expression => this.SUBRULE(this.intervalLiteral) },
      // Elsewhere these words are columns, unless they are reserved.
      {
        GATE: () => (this.LA(2).tokenType === LeftParen ? this.LA(1).tokenType !== k.CURRENT_SCHEMA : !this.isA(1, Name)),
        ALT: (): Expression => this.SUBRULE(this.specialCall),
      },
      {
        GATE: () => this.typedLiteralAhead(),
        ALT: (): Expression => {
          const type = this.SUBRULE2(this.dataType);
          const text = this.CONSUME(Text);
          return this.ACTION(() =>
            cast(textLiteral(payloadOf(text), this.spanFrom(text.startOffset)), type, this.spanFrom(start)),
          );
        },
      },
      { GATE: () => this.callAhead(), ALT: (): Expression => this.SUBRULE(this.functionCall) },
      { ALT: (): Expression => this.SUBRULE(this.column) },
    ]);
  });

  protected readonly literal = this.RULE('literal', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    return this.OR([
      { ALT: (): Expression => literal({ type: 'integer', text: payloadOf(this.CONSUME(Integer)) }, this.spanFrom(start)) },
      { ALT: (): Expression => literal({ type: 'decimal', text: payloadOf(this.CONSUME(Decimal)) }, this.spanFrom(start)) },
      {
        ALT: (): Expression => {
          const digits = this.CONSUME(Float);
          return this.ACTION(() => floatLiteral(payloadOf(digits), this.spanFrom(start)));
        },
      },
      { ALT: (): Expression => textLiteral(payloadOf(this.CONSUME(Text)), this.spanFrom(start)) },
      {
        ALT: (): Expression => ({
          kind: 'parameter',
          index: Number(payloadOf(this.CONSUME(Parameter))),
          span: this.spanFrom(start),
        }),
      },
      {
        ALT: (): Expression => {
          const value = this.OR2([
            this.word(k.TRUE, { type: 'boolean', value: true }),
            this.word(k.FALSE, { type: 'boolean', value: false }),
            this.word(k.NULL, { type: 'null' }),
          ]);
          return literal(value, this.spanFrom(start));
        },
      },
    ]);
  });

  protected readonly case = this.RULE('case', (): Expression => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const branches: { when: Expression; then: Expression }[] = [];
    let operand: Case['operand'] = null;
    let otherwise: Case['otherwise'] = null;
    this.CONSUME(k.CASE);
    this.OPTION(() => {
      operand = this.SUBRULE(this.expression);
    });
    this.AT_LEAST_ONE(() => {
      this.CONSUME(k.WHEN);
      const when = this.SUBRULE2(this.expression);
      this.CONSUME(k.THEN);
      const then = this.SUBRULE3(this.expression);
      branches.push({ when, then });
    });
    this.OPTION2(() => {
      this.CONSUME(k.ELSE);
      otherwise = this.SUBRULE4(this.expression);
    });
    this.CONSUME(k.END);
    return { kind: 'case', span: this.spanFrom(start), operand, branches, otherwise };
  });

  /** `column` or `table.column`. */
  protected readonly column = this.RULE('column', (): Expression => {
    const start = this.mark();
    const names = [payloadOf(this.CONSUME(Name))];
    this.MANY(() => {
      this.CONSUME(Dot);
      names.push(payloadOf(this.OR([{ ALT: () => this.CONSUME(Label) }, { ALT: () => this.CONSUME(Star) }])));
    });
    return this.ACTION(() => this.columnReference(names, start));
  });

  private columnReference(names: readonly string[], start: number): Expression {
    const [first = '', second, ...more] = names;
    if (names.at(-1) === '*') return this.refuse('a whole row in an expression', start, 'Name the columns.');
    const span = this.spanFrom(start);
    if (second === undefined) return { kind: 'column', span, qualifier: null, name: first };
    if (more.length === 0) return { kind: 'column', span, qualifier: first, name: second };
    return this.refuse('a schema before a column', start, 'Give the table an alias and use that.');
  }
}
