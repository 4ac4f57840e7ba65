import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Expression, FrameBound, WindowFrame, WindowSpecification } from '../../ast/expression.ts';
import type { OrderItem } from '../../ast/relation.ts';
import { LeftParen, RightParen } from '../lexer/tokens.ts';
import type { Rule } from './base.ts';
import { RelationParser } from './relations.ts';

/** ORDER BY, and OVER with its frames. */
export abstract class WindowParser extends RelationParser {
  readonly orderItem = this.RULE('orderItem', (): OrderItem => {
    const k = this.vocabulary.keywords;
    const expression = this.SUBRULE(this.expression);
    const direction = this.OPTION(() => this.OR([this.word(k.ASC, false), this.word(k.DESC, true)]));
    const nulls = this.OPTION2(() => {
      this.CONSUME(k.NULLS);
      return this.OR2([this.word(k.FIRST, 'first'), this.word(k.LAST, 'last')]);
    });
    return this.ACTION((): OrderItem => {
      const descending = direction ?? false;
      return { expression, descending, nulls: nulls ?? (this.dialect.nullsFirst(descending) ? 'first' : 'last') };
    });
  });

  protected readonly orderList: Rule<OrderItem[]> = this.list('orderList', () => this.orderItem);

  override readonly orderBy = this.RULE('orderBy', (): OrderItem[] => {
    this.CONSUME(this.vocabulary.keywords.ORDER);
    this.CONSUME(this.vocabulary.keywords.BY);
    return this.SUBRULE(this.orderList);
  });

  /** What follows OVER: a name, or a specification in parentheses. */
  override readonly window = this.RULE(
    'window',
    (): WindowSpecification =>
      this.OR([
        { ALT: (): WindowSpecification => ({ base: this.SUBRULE(this.name), partitionBy: [], orderBy: [], frame: null }) },
        { ALT: (): WindowSpecification => this.SUBRULE(this.windowSpecification) },
      ]),
  );

  readonly windowSpecification = this.RULE('windowSpecification', (): WindowSpecification => {
    const k = this.vocabulary.keywords;
    let base: string | null = null;
    let partitionBy: Expression[] = [];
    let orderBy: OrderItem[] = [];
    let frame: WindowFrame | null = null;
    this.CONSUME(LeftParen);
    this.OPTION({
      GATE: () => ![k.PARTITION, k.RANGE, k.ROWS, k.GROUPS].includes(this.LA(1).tokenType),
      DEF: () => {
        base = this.SUBRULE(this.name);
      },
    });
    this.OPTION2(() => {
      this.CONSUME(k.PARTITION);
      this.CONSUME(k.BY);
      partitionBy = this.SUBRULE(this.expressionList);
    });
    this.OPTION3(() => {
      orderBy = this.SUBRULE(this.orderBy);
    });
    this.OPTION4(() => {
      frame = this.SUBRULE(this.frame);
    });
    this.CONSUME(RightParen);
    return { base, partitionBy, orderBy, frame };
  });

  protected readonly frame = this.RULE('frame', (): WindowFrame => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const unit = this.OR([this.word(k.ROWS, 'rows'), this.word(k.RANGE, 'range'), this.word(k.GROUPS, 'groups')]);
    const bounds = this.OR2([
      {
        GATE: () => this.LA(1).tokenType === k.BETWEEN,
        ALT: (): Omit<WindowFrame, 'unit'> => {
          this.CONSUME(k.BETWEEN);
          const first = this.SUBRULE(this.frameBound);
          this.CONSUME(k.AND);
          return { start: first, end: this.SUBRULE2(this.frameBound) };
        },
      },
      { ALT: (): Omit<WindowFrame, 'unit'> => ({ start: this.SUBRULE3(this.frameBound), end: { type: 'current_row' } }) },
    ]);
    return this.ACTION(() => {
      if (BOUND_ORDER[bounds.start.type] <= BOUND_ORDER[bounds.end.type] && possible(bounds)) return { unit, ...bounds };
      throw new LumaError(SQLSTATE.windowingError, 'the window frame ends before it starts', { span: this.spanFrom(start) });
    });
  });

  protected readonly frameBound = this.RULE('frameBound', (): FrameBound => {
    const k = this.vocabulary.keywords;
    return this.OR([
      {
        GATE: () => this.ahead(k.CURRENT, k.ROW),
        ALT: (): FrameBound => {
          this.CONSUME(k.CURRENT);
          this.CONSUME(k.ROW);
          return { type: 'current_row' };
        },
      },
      {
        GATE: () => this.ahead(k.UNBOUNDED, k.PRECEDING) || this.ahead(k.UNBOUNDED, k.FOLLOWING),
        ALT: (): FrameBound => {
          this.CONSUME(k.UNBOUNDED);
          return this.OR2([
            this.word(k.PRECEDING, { type: 'unbounded_preceding' }),
            this.word(k.FOLLOWING, { type: 'unbounded_following' }),
          ]);
        },
      },
      {
        ALT: (): FrameBound => {
          const offset = this.SUBRULE(this.expression);
          const type = this.OR3([this.word(k.PRECEDING, 'preceding'), this.word(k.FOLLOWING, 'following')]);
          return { type, offset };
        },
      },
    ]);
  });
}

const BOUND_ORDER: Readonly<Record<FrameBound['type'], number>> = {
  unbounded_preceding: 0,
  preceding: 1,
  current_row: 2,
  following: 3,
  unbounded_following: 4,
};

/** A frame cannot start at the very end or end at the very start. */
function possible({ start, end }: Omit<WindowFrame, 'unit'>): boolean {
  return start.type !== 'unbounded_following' && end.type !== 'unbounded_preceding';
}
