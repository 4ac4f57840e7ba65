import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { Call, Expression, Like, Quantified, UnaryOperator } from '../../ast/expression.ts';
import type { Query } from '../../ast/relation.ts';
import { binary, call, cast, unary } from '../build.ts';
import { Dot, DoubleColon, InfixSymbol, Label, LeftParen, Name, opensQuery, payloadOf, RightParen } from '../lexer/tokens.ts';
import { doesNotAssociate, LEVEL } from '../precedence.ts';
import type { Rule } from './base.ts';
import { FOREIGN } from './errors/syntax-error.ts';
import { OperandParser } from './operands.ts';

/**
 * Expressions by precedence climbing: `expression` ends at operators looser than `minimum`. A `restricted` one
 * (PostgreSQL's b_expr) has no AND, OR, NOT, LIKE, IN, BETWEEN, IS NULL or AT TIME ZONE, because such a word ends it.
 */
export abstract class ExpressionParser extends OperandParser {
  abstract readonly query: Rule<Query>;
  /** Calls that the text writes under another name than the tree, or as an operator (null). */
  private readonly written = new WeakMap<Expression, string | null>();

  override readonly expression = this.RULE(
    'expression',
    (minimum: number = LEVEL.none, restricted: boolean = false): Expression => {
      const start = this.mark();
      this.ACTION(() => this.enter());
      let left = this.SUBRULE(this.operand, { ARGS: [restricted] });
      /** The level that may not come again without parentheses. */
      let closed = -1;
      let length = 0;
      this.MANY({
        GATE: () => {
          const level = this.infixLevel(restricted);
          if (level === closed && level >= 0) throw this.doesNotChain();
          return level >= minimum;
        },
        DEF: () => {
          const level = this.infixLevel(restricted);
          const infix = this.SUBRULE(this.infix, { ARGS: [left, start, restricted] });
          this.ACTION(() => {
            left = infix.expression;
            closed = infix.closed && doesNotAssociate(level) ? level : -1;
            length += 1;
            this.limitChain(length);
          });
        },
      });
      this.ACTION(() => this.leave());
      return left;
    },
  );

  readonly expressionList: Rule<Expression[]> = this.list('expressionList', () => this.expression);

  /** `(query)` */
  override readonly subquery = this.RULE('subquery', (): Query => {
    this.CONSUME(LeftParen);
    const query = this.SUBRULE(this.query);
    this.CONSUME(RightParen);
    return query;
  });

  /** `expression`, of which it is remembered how the text calls it: that names its column. */
  protected calledAs<E extends Expression>(name: string | null, expression: E): E {
    if (expression.kind === 'call' && expression.name !== name) this.written.set(expression, name);
    return expression;
  }

  /** The name under which a call of this text was written; null: it was no call. */
  protected callName(call: Call): string | null {
    const name = this.written.get(call);
    return name === undefined ? call.name : name;
  }

  /** The level of the operator that comes next; -1 for anything else. */
  private infixLevel(restricted: boolean): number {
    const k = this.vocabulary.keywords;
    const token = this.LA(1);
    const type = token.tokenType;
    if (this.isA(1, InfixSymbol)) return this.dialect.symbolLevel(token.image);
    if (type === DoubleColon) return LEVEL.cast;
    if (type === k.OPERATOR) return this.LA(2).tokenType === LeftParen ? LEVEL.other : -1;
    if (type === k.IS) return !restricted || this.isDistinctAhead() ? LEVEL.is : -1;
    if (restricted) return -1;
    if (type === k.AND) return LEVEL.and;
    if (type === k.OR) return LEVEL.or;
    if (type === k.ISNULL || type === k.NOTNULL) return LEVEL.is;
    if (type === k.COLLATE) return LEVEL.collate;
    if (type === k.AT) return this.LA(2).tokenType === k.TIME ? LEVEL.atTimeZone : -1;
    const matching = type === k.NOT ? this.LA(2).tokenType : type;
    return matching === k.LIKE || matching === k.ILIKE || matching === k.IN || matching === k.BETWEEN ? LEVEL.like : -1;
  }

  private isDistinctAhead(): boolean {
    const { IS, NOT, DISTINCT } = this.vocabulary.keywords;
    return this.ahead(IS, DISTINCT) || this.ahead(IS, NOT, DISTINCT);
  }

  private doesNotChain(): LumaError {
    const token = this.LA(1);
    const hint = 'Comparisons do not chain; connect them with AND, or put one in parentheses.';
    return new LumaError(SQLSTATE.syntaxError, `syntax error at or near "${token.image}"`, {
      span: { start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 },
      hint,
    });
  }

  /** What follows a left operand; `closed` when the operator has a right operand that reaches to the end. */
  protected readonly infix = this.RULE(
    'infix',
    (left: Expression, start: number, restricted: boolean): { expression: Expression; closed: boolean } => {
      const k = this.vocabulary.keywords;
      return this.OR([
        { GATE: () => this.quantifierAhead(), ALT: () => postfix(this.SUBRULE(this.quantified, { ARGS: [left, start] })) },
        { ALT: () => infix(this.SUBRULE(this.symbolInfix, { ARGS: [left, start, restricted] })) },
        {
          ALT: () => {
            this.CONSUME(k.AND);
            const right = this.SUBRULE(this.expression, { ARGS: [LEVEL.and + 1] });
            return infix(binary('and', left, right, this.spanFrom(start)));
          },
        },
        {
          ALT: () => {
            this.CONSUME(k.OR);
            const right = this.SUBRULE2(this.expression, { ARGS: [LEVEL.or + 1] });
            return infix(binary('or', left, right, this.spanFrom(start)));
          },
        },
        {
          GATE: () => this.isDistinctAhead(),
          ALT: () => infix(this.SUBRULE(this.distinctFrom, { ARGS: [left, start, restricted] })),
        },
        { ALT: () => postfix(this.SUBRULE(this.isTest, { ARGS: [left, start] })) },
        { ALT: () => this.SUBRULE(this.matching, { ARGS: [left, start] }) },
        {
          ALT: () => {
            this.CONSUME(k.AT);
            this.CONSUME(k.TIME);
            this.CONSUME(k.ZONE);
            const zone = this.SUBRULE3(this.expression, { ARGS: [LEVEL.atTimeZone + 1] });
            return postfix(call('timezone', { arguments: [zone, left] }, this.spanFrom(start)));
          },
        },
        {
          ALT: () => {
            this.CONSUME(DoubleColon);
            const type = this.SUBRULE(this.dataType);
            return postfix(cast(left, type, this.spanFrom(start)));
          },
        },
        { ALT: () => postfix(this.SUBRULE(this.collate, { ARGS: [left] })) },
      ]);
    },
  );

  protected readonly symbolInfix = this.RULE(
    'symbolInfix',
    (left: Expression, start: number, restricted: boolean): Expression => {
      const symbol = this.SUBRULE(this.symbol);
      const right = this.SUBRULE(this.expression, { ARGS: [this.ACTION(() => symbol.level) + 1, restricted] });
      return this.ACTION(() => {
        const span = this.spanFrom(start);
        const operator = this.dialect.operators.get(symbol.text);
        if (operator !== undefined) return binary(operator, left, right, span);
        const meaning = this.dialect.operatorCall(symbol.text, left, right, span);
        if (meaning !== undefined) return this.calledAs(null, meaning);
        const hint = FOREIGN[symbol.text];
        if (hint === undefined) throw notSupported(`the operator ${symbol.text}`, { span: symbol.span });
        throw new LumaError(SQLSTATE.syntaxError, `syntax error at or near "${symbol.text}"`, { span: symbol.span, hint });
      });
    },
  );

  /** `+`, or `OPERATOR(pg_catalog.+)`, which binds like any other operator. */
  protected readonly symbol = this.RULE('symbol', (): { text: string; level: number; span: { start: number; end: number } } => {
    const start = this.mark();
    const plain = { ALT: () => this.CONSUME(InfixSymbol) };
    const qualified = {
      ALT: () => {
        this.CONSUME(this.vocabulary.keywords.OPERATOR);
        this.CONSUME(LeftParen);
        this.MANY(() => {
          const schema = payloadOf(this.CONSUME(Name));
          this.CONSUME(Dot);
          this.ACTION(() => schema === this.dialect.systemSchema || this.refuse('an operator in a schema', start));
        });
        const token = this.CONSUME2(InfixSymbol);
        this.CONSUME(RightParen);
        return token;
      },
    };
    const token = this.OR([plain, qualified]);
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      const bare = span.start === token.startOffset;
      return { text: token.image, level: bare ? this.dialect.symbolLevel(token.image) : LEVEL.other, span };
    });
  });

  private quantifierAhead(): boolean {
    const { ANY, ALL, SOME } = this.vocabulary.keywords;
    const next = this.LA(2).tokenType;
    return this.isA(1, InfixSymbol) && (next === ANY || next === ALL || next === SOME);
  }

  protected readonly quantified = this.RULE('quantified', (left: Expression, start: number): Expression => {
    const k = this.vocabulary.keywords;
    const symbol = this.CONSUME(InfixSymbol);
    const quantifier = this.OR([this.word(k.ANY, 'any'), this.word(k.SOME, 'any'), this.word(k.ALL, 'all')]);
    this.ACTION(() => {
      if (!opensQuery(this.LA(1)))
        throw notSupported(`${quantifier.toUpperCase()} over an array`, { span: this.spanFrom(start) });
    });
    const query = this.SUBRULE(this.subquery);
    return this.ACTION((): Quantified => {
      const operator = this.dialect.operators.get(symbol.image);
      const span = this.spanFrom(start);
      if (!isComparison(operator)) throw notSupported(`${symbol.image} with ${quantifier.toUpperCase()}`, { span });
      return { kind: 'quantified', span, operand: left, operator, quantifier, query };
    });
  });

  protected readonly distinctFrom = this.RULE(
    'distinctFrom',
    (left: Expression, start: number, restricted: boolean): Expression => {
      const k = this.vocabulary.keywords;
      let negated = false;
      this.CONSUME(k.IS);
      this.OPTION(() => {
        this.CONSUME(k.NOT);
        negated = true;
      });
      this.CONSUME(k.DISTINCT);
      this.CONSUME(k.FROM);
      const right = this.SUBRULE(this.expression, { ARGS: [LEVEL.is + 1, restricted] });
      return binary(negated ? 'is_not_distinct' : 'is_distinct', left, right, this.spanFrom(start));
    },
  );

  /** IS [NOT] NULL, TRUE, FALSE, UNKNOWN; ISNULL; NOTNULL. UNKNOWN is what NULL is called among booleans. */
  protected readonly isTest = this.RULE('isTest', (left: Expression, start: number): Expression => {
    const k = this.vocabulary.keywords;
    const operator = this.OR([
      this.word(k.ISNULL, 'is_null'),
      this.word(k.NOTNULL, 'is_not_null'),
      {
        ALT: (): UnaryOperator => {
          this.CONSUME(k.IS);
          let negated = false;
          this.OPTION(() => {
            this.CONSUME(k.NOT);
            negated = true;
          });
          return this.OR2([
            this.word(k.NULL, negated ? 'is_not_null' : 'is_null'),
            this.word(k.UNKNOWN, negated ? 'is_not_null' : 'is_null'),
            this.word(k.TRUE, negated ? 'is_not_true' : 'is_true'),
            this.word(k.FALSE, negated ? 'is_not_false' : 'is_false'),
          ]);
        },
      },
    ]);
    return unary(operator, left, this.spanFrom(start));
  });

  /** [NOT] LIKE, ILIKE, IN, BETWEEN. */
  protected readonly matching = this.RULE(
    'matching',
    (left: Expression, start: number): { expression: Expression; closed: boolean } => {
      const k = this.vocabulary.keywords;
      let negated = false;
      this.OPTION(() => {
        this.CONSUME(k.NOT);
        negated = true;
      });
      return this.OR([
        {
          ALT: () => {
            const caseInsensitive = this.OR2([this.word(k.LIKE, false), this.word(k.ILIKE, true)]);
            const pattern = this.SUBRULE(this.expression, { ARGS: [LEVEL.like + 1] });
            let escapeWith: Expression | null = null;
            this.OPTION2(() => {
              this.CONSUME(k.ESCAPE);
              escapeWith = this.SUBRULE2(this.expression, { ARGS: [LEVEL.like + 1] });
            });
            const span = this.spanFrom(start);
            const like: Like = { kind: 'like', span, operand: left, pattern, escape: escapeWith, caseInsensitive, negated };
            return infix(like);
          },
        },
        {
          ALT: () => {
            this.CONSUME(k.IN);
            return postfix(this.SUBRULE(this.inOperand, { ARGS: [left, start, negated] }));
          },
        },
        {
          ALT: () => {
            this.CONSUME(k.BETWEEN);
            const low = this.SUBRULE3(this.expression, { ARGS: [LEVEL.none, true] });
            this.CONSUME(k.AND);
            const high = this.SUBRULE4(this.expression, { ARGS: [LEVEL.like + 1] });
            return infix({ kind: 'between', span: this.spanFrom(start), operand: left, low, high, negated });
          },
        },
      ]);
    },
  );

  protected readonly inOperand = this.RULE(
    'inOperand',
    (operand: Expression, start: number, negated: boolean): Expression =>
      this.OR([
        {
          GATE: () => opensQuery(this.LA(1)),
          ALT: (): Expression => {
            const query = this.SUBRULE(this.subquery);
            return { kind: 'in_subquery', span: this.spanFrom(start), operand, query, negated };
          },
        },
        {
          ALT: (): Expression => {
            this.CONSUME(LeftParen);
            const items = this.SUBRULE(this.expressionList);
            this.CONSUME(RightParen);
            return { kind: 'in_list', span: this.spanFrom(start), operand, items, negated };
          },
        },
      ]),
  );

  /** Text has one order, by code point: naming it, or the default, changes nothing. */
  protected readonly collate = this.RULE('collate', (left: Expression): Expression => {
    const start = this.mark();
    this.CONSUME(this.vocabulary.keywords.COLLATE);
    let name = payloadOf(this.CONSUME(Label));
    this.MANY(() => {
      this.CONSUME(Dot);
      name = payloadOf(this.CONSUME2(Label));
    });
    this.ACTION(() => {
      if (['default', 'C', 'POSIX', 'ucs_basic'].includes(name)) return;
      this.refuse(`the collation "${name}"`, start, 'Text is ordered by code point, which is the collation "C".');
    });
    return left;
  });
}

type Comparison = Quantified['operator'];

function isComparison(operator: string | undefined): operator is Comparison {
  const comparisons: readonly (string | undefined)[] = ['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'];
  return comparisons.includes(operator);
}

function infix(expression: Expression): { expression: Expression; closed: boolean } {
  return { expression, closed: true };
}

function postfix(expression: Expression): { expression: Expression; closed: boolean } {
  return { expression, closed: false };
}
