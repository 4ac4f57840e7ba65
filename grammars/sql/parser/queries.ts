import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import { NO_SPAN } from '../../../src/types/span.ts';
import type { Expression } from '../../ast/expression.ts';
import { outputName } from '../../ast/output-name.ts';
import type { CommonTable, OrderItem, Query, QueryBody, Relation, Select, SelectItem } from '../../ast/relation.ts';
import { integerLiteral } from '../build.ts';
import { BareLabel, Dot, Label, LeftParen, Name, payloadOf, RightParen, Star } from '../lexer/tokens.ts';
import type { Rule } from './base.ts';
import { WindowParser } from './windows.ts';

type Limits = { limit?: Expression | null; offset?: Expression };

export abstract class QueryParser extends WindowParser {
  override readonly query = this.RULE('query', (): Query => {
    const start = this.mark();
    let with_: CommonTable[] = [];
    let orderBy: OrderItem[] = [];
    this.ACTION(() => this.enter());
    this.OPTION(() => {
      with_ = this.SUBRULE(this.withClause);
    });
    const body = this.SUBRULE(this.queryBody);
    this.OPTION2(() => {
      orderBy = this.SUBRULE(this.orderBy);
    });
    const { limit = null, offset = null } = this.SUBRULE(this.limits);
    this.ACTION(() => this.leave());
    return this.ACTION(() => {
      const outer: Query = { kind: 'query', span: this.spanFrom(start), with: with_, body, orderBy, limit, offset };
      return body.kind === 'query' ? merged(outer, body) : outer;
    });
  });

  protected readonly withClause = this.RULE('withClause', (): CommonTable[] => {
    const start = this.mark();
    this.CONSUME(this.vocabulary.keywords.WITH);
    this.OPTION(() => {
      this.CONSUME(this.vocabulary.keywords.RECURSIVE);
      this.refuse('WITH RECURSIVE', start);
    });
    return this.SUBRULE(this.commonTables);
  });

  protected readonly commonTable = this.RULE('commonTable', (): CommonTable => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    let columns: string[] = [];
    this.OPTION(() => {
      columns = this.SUBRULE(this.columnNames);
    });
    this.CONSUME(k.AS);
    // A hint for PostgreSQL's planner; the answer is the same.
    this.OPTION2(() => {
      this.OPTION3(() => this.CONSUME(k.NOT));
      this.CONSUME(k.MATERIALIZED);
    });
    const query = this.SUBRULE(this.subquery);
    return { name, span: this.spanFrom(start), columns, query };
  });

  protected readonly commonTables: Rule<CommonTable[]> = this.list('commonTables', () => this.commonTable);

  /** UNION and EXCEPT from left to right; INTERSECT binds tighter. */
  protected readonly queryBody = this.RULE('queryBody', (): QueryBody => {
    const start = this.mark();
    const k = this.vocabulary.keywords;
    let left = this.SUBRULE(this.intersection);
    let length = 0;
    this.MANY(() => {
      const operator = this.OR([this.word(k.UNION, 'union'), this.word(k.EXCEPT, 'except')]);
      const all = this.SUBRULE(this.setQuantifier);
      const right = this.SUBRULE2(this.intersection);
      left = { kind: 'set_operation', span: this.spanFrom(start), operator, all, left, right };
      length += 1;
      this.ACTION(() => this.limitChain(length));
    });
    return left;
  });

  protected readonly intersection = this.RULE('intersection', (): QueryBody => {
    const start = this.mark();
    let left = this.SUBRULE(this.queryTerm);
    let length = 0;
    this.MANY(() => {
      this.CONSUME(this.vocabulary.keywords.INTERSECT);
      const all = this.SUBRULE(this.setQuantifier);
      const right = this.SUBRULE2(this.queryTerm);
      left = { kind: 'set_operation', span: this.spanFrom(start), operator: 'intersect', all, left, right };
      length += 1;
      this.ACTION(() => this.limitChain(length));
    });
    return left;
  });

  protected readonly setQuantifier = this.RULE('setQuantifier', (): boolean => {
    const { ALL, DISTINCT } = this.vocabulary.keywords;
    return this.OPTION(() => this.OR([this.word(ALL, true), this.word(DISTINCT, false)])) ?? false;
  });

  protected readonly queryTerm = this.RULE('queryTerm', (): QueryBody => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    return this.OR([
      { ALT: (): QueryBody => this.SUBRULE(this.select) },
      {
        ALT: (): QueryBody => {
          this.CONSUME(k.VALUES);
          const rows = this.SUBRULE(this.rows);
          return this.ACTION(() => {
            const span = this.spanFrom(start);
            if (rows.some((row) => row.length !== rows[0]?.length)) {
              throw new LumaError(SQLSTATE.syntaxError, 'VALUES lists must all be the same length', { span });
            }
            return { kind: 'values', span, rows };
          });
        },
      },
      {
        ALT: (): QueryBody => {
          this.CONSUME(k.TABLE);
          const table = this.SUBRULE(this.qualifiedName);
          return this.ACTION(() => {
            const span = this.spanFrom(start);
            return select({
              span,
              items: [{ kind: 'all', span, qualifier: null }],
              from: { kind: 'table', span, ...table, alias: null },
            });
          });
        },
      },
      {
        ALT: (): QueryBody => {
          const query = this.SUBRULE(this.subquery);
          return this.ACTION(() => {
            const { with: with_, body, orderBy, limit, offset } = query;
            const bare = with_.length === 0 && orderBy.length === 0 && limit === null && offset === null;
            return bare ? body : query;
          });
        },
      },
    ]);
  });

  protected readonly row = this.RULE('row', (): Expression[] => {
    this.CONSUME(LeftParen);
    const items = this.SUBRULE(this.expressionList);
    this.CONSUME(RightParen);
    return items;
  });

  protected readonly rows: Rule<Expression[][]> = this.list('rows', () => this.row);

  readonly select = this.RULE('select', (): Select => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let from: Relation | null = null;
    let where: Expression | null = null;
    let groupBy: Expression[] = [];
    let having: Expression | null = null;
    let windows: Select['windows'][number][] = [];
    this.CONSUME(k.SELECT);
    const distinct = this.SUBRULE(this.setQuantifierOfSelect);
    const items = this.OR([
      // `SELECT FROM t` has rows without columns.
      { GATE: () => !distinct && this.LA(1).tokenType === k.FROM, ALT: (): SelectItem[] => [] },
      { ALT: (): SelectItem[] => this.SUBRULE(this.selectItems) },
    ]);
    this.OPTION2(() => {
      this.CONSUME(k.FROM);
      from = this.SUBRULE(this.from);
    });
    this.OPTION3(() => {
      this.CONSUME(k.WHERE);
      where = this.SUBRULE(this.expression);
    });
    this.OPTION4(() => {
      this.CONSUME(k.GROUP);
      this.CONSUME(k.BY);
      groupBy = this.SUBRULE(this.groupItems);
    });
    this.OPTION5(() => {
      this.CONSUME(k.HAVING);
      having = this.SUBRULE2(this.expression);
    });
    this.OPTION6(() => {
      this.CONSUME(k.WINDOW);
      windows = this.SUBRULE(this.windowDefinitions);
    });
    return { kind: 'select', span: this.spanFrom(start), distinct, items, from, where, groupBy, having, windows };
  });

  protected readonly setQuantifierOfSelect = this.RULE('setQuantifierOfSelect', (): boolean => {
    const { ALL, DISTINCT } = this.vocabulary.keywords;
    return this.OPTION(() => this.OR([this.word(ALL, false), this.word(DISTINCT, true)])) ?? false;
  });

  /** `*`, `t.*`, `expression [[AS] name]`; without AS, only words that cannot go on as an expression. */
  readonly selectItem = this.RULE('selectItem', (): SelectItem => {
    const start = this.mark();
    return this.OR([
      {
        ALT: (): SelectItem => {
          this.CONSUME(Star);
          return { kind: 'all', span: this.spanFrom(start), qualifier: null };
        },
      },
      {
        GATE: () => this.LA(2).tokenType === Dot && this.LA(3).tokenType === Star,
        ALT: (): SelectItem => {
          const qualifier = payloadOf(this.CONSUME(Name));
          this.CONSUME(Dot);
          this.CONSUME2(Star);
          return { kind: 'all', span: this.spanFrom(start), qualifier };
        },
      },
      {
        ALT: (): SelectItem => {
          const expression = this.SUBRULE(this.expression);
          const alias = this.OPTION(() =>
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(this.vocabulary.keywords.AS);
                  return payloadOf(this.CONSUME(Label));
                },
              },
              { ALT: () => payloadOf(this.CONSUME(BareLabel)) },
            ]),
          );
          return this.ACTION(() => ({ kind: 'expression', expression, alias: alias ?? this.impliedAlias(expression) }));
        },
      },
    ]);
  });

  /** What a column is called that has no alias, where the tree would call it otherwise. */
  private impliedAlias(expression: Expression): string | null {
    const name = outputName(expression, (call) => this.callName(call));
    return name === outputName(expression) ? null : name;
  }

  protected readonly selectItems: Rule<SelectItem[]> = this.list('selectItems', () => this.selectItem);

  protected readonly groupItem = this.RULE('groupItem', (): Expression => {
    this.ACTION(() => {
      const { image, startOffset } = this.LA(1);
      const word = image.toUpperCase();
      if ((word !== 'ROLLUP' && word !== 'CUBE') || this.LA(2).tokenType !== LeftParen) return;
      throw notSupported(word, { span: { start: startOffset, end: startOffset + word.length } });
    });
    return this.SUBRULE(this.expression);
  });

  protected readonly groupItems: Rule<Expression[]> = this.list('groupItems', () => this.groupItem);

  protected readonly windowDefinition = this.RULE('windowDefinition', (): Select['windows'][number] => {
    const name = this.SUBRULE(this.name);
    this.CONSUME(this.vocabulary.keywords.AS);
    return { name, specification: this.SUBRULE(this.windowSpecification) };
  });

  protected readonly windowDefinitions: Rule<Select['windows'][number][]> = this.list(
    'windowDefinitions',
    () => this.windowDefinition,
  );

  /** LIMIT, OFFSET and FETCH in any order, each once. */
  protected readonly limits = this.RULE('limits', (): Limits => {
    const k = this.vocabulary.keywords;
    const limits: Limits = {};
    const once = (start: number, part: keyof Limits, value: Expression | null): void => {
      if (limits[part] !== undefined) {
        throw new LumaError(SQLSTATE.syntaxError, `multiple ${part.toUpperCase()} clauses`, { span: this.spanFrom(start) });
      }
      Object.assign(limits, { [part]: value });
    };
    this.MANY(() => {
      const start = this.mark();
      this.OR([
        {
          ALT: () => {
            this.CONSUME(k.LIMIT);
            const limit = this.OR2([this.word(k.ALL, null), { ALT: (): Expression | null => this.SUBRULE(this.expression) }]);
            this.ACTION(() => once(start, 'limit', limit));
          },
        },
        {
          ALT: () => {
            this.CONSUME(k.OFFSET);
            const offset = this.SUBRULE2(this.expression);
            this.OPTION(() => this.OR3([this.word(k.ROW, null), this.word(k.ROWS, null)]));
            this.ACTION(() => once(start, 'offset', offset));
          },
        },
        {
          ALT: () => {
            const limit = this.SUBRULE(this.fetchFirst);
            this.ACTION(() => once(start, 'limit', limit));
          },
        },
      ]);
    });
    return limits;
  });

  /** FETCH {FIRST | NEXT} [count] {ROW | ROWS} ONLY; without a count, one row. */
  protected readonly fetchFirst = this.RULE('fetchFirst', (): Expression => {
    const k = this.vocabulary.keywords;
    this.CONSUME(k.FETCH);
    this.OR([this.word(k.FIRST, null), this.word(k.NEXT, null)]);
    const count = this.OPTION({
      GATE: () => this.LA(1).tokenType !== k.ROW && this.LA(1).tokenType !== k.ROWS,
      DEF: () => this.SUBRULE(this.expression),
    });
    this.OR2([this.word(k.ROW, null), this.word(k.ROWS, null)]);
    this.CONSUME(k.ONLY);
    return count ?? integerLiteral(1, NO_SPAN);
  });
}

/**
 * `(SELECT … LIMIT 5) ORDER BY a` is `SELECT … ORDER BY a LIMIT 5`: parentheses around all of a query do not order its
 * clauses, and none may come twice (PostgreSQL 16, gram.y, insertSelectOptions).
 */
function merged(outer: Query, inner: Query): Query {
  const twice =
    (outer.with.length > 0 && inner.with.length > 0 && 'WITH') ||
    (outer.orderBy.length > 0 && inner.orderBy.length > 0 && 'ORDER BY') ||
    (outer.limit !== null && inner.limit !== null && 'LIMIT') ||
    (outer.offset !== null && inner.offset !== null && 'OFFSET');
  if (twice !== false) {
    const hint = 'Put the inner query into FROM: SELECT * FROM (…) AS name.';
    throw new LumaError(SQLSTATE.syntaxError, `multiple ${twice} clauses not allowed`, { span: outer.span, hint });
  }
  return {
    ...outer,
    with: [...outer.with, ...inner.with],
    body: inner.body,
    orderBy: [...outer.orderBy, ...inner.orderBy],
    limit: outer.limit ?? inner.limit,
    offset: outer.offset ?? inner.offset,
  };
}

/** A SELECT with what is absent left out. */
function select(parts: Partial<Select> & Pick<Select, 'span'>): Select {
  const absent = { distinct: false, items: [], from: null, where: null, groupBy: [], having: null, windows: [] };
  return { kind: 'select', ...absent, ...parts };
}
