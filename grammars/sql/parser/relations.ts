import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { Expression } from '../../ast/expression.ts';
import type { Alias, Join, JoinType, Relation } from '../../ast/relation.ts';
import { Comma, Dot, Label, LeftParen, Name, opensQuery, payloadOf, RightParen } from '../lexer/tokens.ts';
import { FunctionParser } from './functions.ts';

/** What stands in FROM. */
export abstract class RelationParser extends FunctionParser {
  /** `a, b JOIN c ON …`: a comma is a cross join that binds looser than JOIN. */
  readonly from = this.RULE('from', (): Relation => {
    const start = this.mark();
    let left = this.SUBRULE(this.relation);
    let length = 0;
    this.MANY(() => {
      this.CONSUME(Comma);
      const right = this.SUBRULE2(this.relation);
      left = { kind: 'join', span: this.spanFrom(start), type: 'cross', left, right, condition: null };
      length += 1;
      this.ACTION(() => this.limitChain(length));
    });
    return left;
  });

  readonly relation = this.RULE('relation', (): Relation => {
    const start = this.mark();
    this.ACTION(() => this.enter());
    let left = this.SUBRULE(this.relationPrimary);
    let length = 0;
    this.MANY(() => {
      left = this.SUBRULE(this.joined, { ARGS: [left, start] });
      length += 1;
      this.ACTION(() => this.limitChain(length));
    });
    this.ACTION(() => this.leave());
    return left;
  });

  /** The rest of a join after its left side. */
  protected readonly joined = this.RULE('joined', (left: Relation, start: number): Relation => {
    const k = this.vocabulary.keywords;
    return this.OR([
      {
        ALT: (): Relation => {
          this.CONSUME(k.CROSS);
          this.CONSUME(k.JOIN);
          const right = this.SUBRULE(this.relationPrimary);
          return { kind: 'join', span: this.spanFrom(start), type: 'cross', left, right, condition: null };
        },
      },
      {
        ALT: (): Relation => {
          this.CONSUME(k.NATURAL);
          const type = this.SUBRULE(this.joinType);
          const right = this.SUBRULE2(this.relationPrimary);
          return { kind: 'join', span: this.spanFrom(start), type, left, right, condition: { type: 'natural' } };
        },
      },
      {
        ALT: (): Relation => {
          const type = this.SUBRULE2(this.joinType);
          const rightStart = this.mark();
          this.ACTION(() => this.enter());
          let right = this.SUBRULE3(this.relationPrimary);
          // `a JOIN b JOIN c ON x ON y`: the inner join's condition comes first.
          this.MANY(() => {
            right = this.SUBRULE(this.joined, { ARGS: [right, rightStart] });
          });
          this.ACTION(() => this.leave());
          const condition = this.SUBRULE(this.joinCondition);
          return { kind: 'join', span: this.spanFrom(start), type, left, right, condition };
        },
      },
    ]);
  });

  /** `[INNER] JOIN`, `LEFT [OUTER] JOIN` … */
  protected readonly joinType = this.RULE('joinType', (): JoinType => {
    const k = this.vocabulary.keywords;
    const type = this.OPTION(() =>
      this.OR([
        this.word(k.INNER, 'inner'),
        {
          ALT: (): JoinType => {
            const side = this.OR2([this.word(k.LEFT, 'left'), this.word(k.RIGHT, 'right'), this.word(k.FULL, 'full')]);
            this.OPTION2(() => this.CONSUME(k.OUTER));
            return side;
          },
        },
      ]),
    );
    this.CONSUME(k.JOIN);
    return type ?? 'inner';
  });

  protected readonly joinCondition = this.RULE('joinCondition', (): NonNullable<Join['condition']> => {
    const k = this.vocabulary.keywords;
    return this.OR([
      {
        ALT: (): NonNullable<Join['condition']> => {
          this.CONSUME(k.ON);
          return { type: 'on', expression: this.SUBRULE(this.expression) };
        },
      },
      {
        ALT: (): NonNullable<Join['condition']> => {
          this.CONSUME(k.USING);
          return { type: 'using', columns: this.SUBRULE(this.columnNames) };
        },
      },
    ]);
  });

  readonly relationPrimary = this.RULE('relationPrimary', (): Relation => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    return this.OR([
      {
        ALT: (): Relation => {
          this.CONSUME(k.LATERAL);
          return this.OR2([
            { ALT: (): Relation => this.SUBRULE(this.derived, { ARGS: [start, true] }) },
            // A function in FROM sees what stands before it anyway.
            { ALT: (): Relation => this.SUBRULE(this.tableFunction, { ARGS: [start] }) },
          ]);
        },
      },
      { GATE: () => opensQuery(this.LA(1)), ALT: (): Relation => this.SUBRULE2(this.derived, { ARGS: [start, false] }) },
      { ALT: (): Relation => this.SUBRULE(this.parenthesizedJoin) },
      { GATE: () => this.callAhead(), ALT: (): Relation => this.SUBRULE2(this.tableFunction, { ARGS: [start] }) },
      { ALT: (): Relation => this.SUBRULE(this.table) },
    ]);
  });

  protected readonly derived = this.RULE('derived', (start: number, lateral: boolean): Relation => {
    const query = this.SUBRULE(this.subquery);
    const alias = this.SUBRULE(this.alias);
    return { kind: 'derived', span: this.spanFrom(start), query, lateral, alias };
  });

  protected readonly parenthesizedJoin = this.RULE('parenthesizedJoin', (): Relation => {
    const start = this.mark();
    this.CONSUME(LeftParen);
    const inside = this.SUBRULE(this.relation);
    this.CONSUME(RightParen);
    const span = this.ACTION(() => this.spanFrom(start));
    const alias = this.SUBRULE(this.alias);
    return this.ACTION(() => {
      if (inside.kind !== 'join') {
        throw new LumaError(SQLSTATE.syntaxError, 'parentheses in FROM enclose a query or a join', { span });
      }
      return alias === null ? inside : this.refuse('an alias of a join', start, 'Write (SELECT * FROM …) AS name.');
    });
  });

  protected readonly tableFunction = this.RULE('tableFunction', (start: number): Relation => {
    const name = this.SUBRULE(this.functionName);
    const nameEnd = this.ACTION(() => this.spanFrom(start));
    let arguments_: Expression[] = [];
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      arguments_ = this.SUBRULE(this.expressionList);
    });
    this.CONSUME(RightParen);
    const alias = this.SUBRULE(this.alias);
    return this.ACTION(() => this.functionRelation(name, arguments_, alias, this.spanFrom(start), nameEnd));
  });

  /** What a function in FROM means; a dialect overrides it for those that are not table functions. */
  protected functionRelation(
    name: string,
    arguments_: readonly Expression[],
    alias: Alias | null,
    span: Span,
    _name: Span,
  ): Relation {
    return { kind: 'table_function', span, name: this.dialect.functionName(name), arguments: arguments_, alias };
  }

  /** `table`, `schema.table`, with an alias. */
  protected readonly table = this.RULE('table', (): Relation => {
    const start = this.mark();
    const names = this.SUBRULE(this.qualifiedName);
    const alias = this.SUBRULE(this.alias);
    return this.ACTION(() => ({ kind: 'table', span: this.spanFrom(start), ...names, alias }));
  });

  readonly qualifiedName = this.RULE('qualifiedName', (): { schema: string | null; name: string } => {
    const start = this.mark();
    const names = [payloadOf(this.CONSUME(Name))];
    this.MANY(() => {
      this.CONSUME(Dot);
      names.push(payloadOf(this.CONSUME(Label)));
    });
    return this.ACTION(() => {
      const [first = '', second, third] = names;
      if (third !== undefined) throw notSupported('a table in another database', { span: this.spanFrom(start) });
      return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
    });
  });

  /** `[AS] name [(columns)]` */
  readonly alias = this.RULE('alias', (): Alias | null => {
    let alias: Alias | null = null;
    this.OPTION(() => {
      this.OPTION2(() => this.CONSUME(this.vocabulary.keywords.AS));
      const name = this.SUBRULE(this.name);
      let columns: string[] = [];
      this.OPTION3(() => {
        columns = this.SUBRULE(this.columnNames);
      });
      alias = { name, columns };
    });
    return alias;
  });
}
