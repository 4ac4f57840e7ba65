import type { IToken, TokenType } from 'chevrotain';
import type { DataType } from '../../../src/types/data-type.ts';
import { Comma, Dot, FunctionName, Integer, Label, LeftParen, Name, payloadOf, RightParen, Text } from '../lexer/tokens.ts';
import { BaseParser } from './base.ts';

/** Type names: `NUMERIC(10, 2)`, `DOUBLE PRECISION`, `TIMESTAMP(3) WITH TIME ZONE`. */
export abstract class TypeParser extends BaseParser {
  readonly dataType = this.RULE('dataType', (): DataType => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const words: string[] = [];
    const word = (token: IToken): void => void words.push(this.ACTION(() => payloadOf(token).toLowerCase()));
    let sizes: number[] = [];
    this.OR([
      {
        ALT: () => {
          word(this.CONSUME(k.DOUBLE));
          this.OPTION(() => word(this.CONSUME(k.PRECISION)));
        },
      },
      {
        ALT: () => {
          word(this.OR2([{ ALT: () => this.CONSUME(k.CHARACTER) }, { ALT: () => this.CONSUME(k.CHAR) }]));
          this.OPTION2(() => word(this.CONSUME(k.VARYING)));
          this.OPTION3(() => {
            sizes = this.SUBRULE(this.typeSizes);
          });
        },
      },
      {
        ALT: () => {
          word(this.CONSUME(k.TIMESTAMP));
          this.OPTION4(() => {
            sizes = this.SUBRULE2(this.typeSizes);
          });
          this.OPTION5({
            GATE: () => this.LA(2).tokenType === k.TIME && this.LA(3).tokenType === k.ZONE,
            DEF: () => {
              word(this.OR3([{ ALT: () => this.CONSUME(k.WITH) }, { ALT: () => this.CONSUME(k.WITHOUT) }]));
              word(this.CONSUME(k.TIME));
              word(this.CONSUME(k.ZONE));
            },
          });
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE(this.typeName);
          words.push(name);
          this.OPTION6(() => {
            sizes = this.SUBRULE3(this.typeSizes);
          });
        },
      },
    ]);
    return this.ACTION(() => this.dialect.dataType({ name: words.join(' '), arguments: sizes, span: this.spanFrom(start) }));
  });

  /** `int4`, `"text"`, `pg_catalog.int4`. */
  protected readonly typeName = this.RULE('typeName', (): string => {
    const start = this.mark();
    let name = payloadOf(this.OR([{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.CONSUME(FunctionName) }]));
    this.MANY(() => {
      this.CONSUME(Dot);
      const inner = this.CONSUME(Label);
      this.ACTION(() => {
        if (name !== this.dialect.systemSchema) this.refuse('a type in a schema', start);
        name = payloadOf(inner);
      });
    });
    return name;
  });

  protected readonly typeSizes = this.RULE('typeSizes', (): number[] => {
    const sizes: number[] = [];
    this.CONSUME(LeftParen);
    sizes.push(Number(payloadOf(this.CONSUME(Integer))));
    this.MANY(() => {
      this.CONSUME(Comma);
      sizes.push(Number(payloadOf(this.CONSUME2(Integer))));
    });
    this.CONSUME(RightParen);
    return sizes;
  });

  /** Whether a type and then a string follow: `DATE '…'`, `TIMESTAMP(3) WITH TIME ZONE '…'`. */
  protected typedLiteralAhead(): boolean {
    const { DOUBLE, PRECISION, CHARACTER, CHAR, VARYING, WITH, WITHOUT, TIME, ZONE } = this.vocabulary.keywords;
    const first = this.LA(1).tokenType;
    let next = 2;
    const skip = (...types: readonly TokenType[]): boolean => {
      const found = types.includes(this.LA(next).tokenType);
      if (found) next += 1;
      return found;
    };
    if (first === DOUBLE) skip(PRECISION);
    if (first === CHARACTER || first === CHAR) skip(VARYING);
    if (skip(LeftParen)) {
      while (skip(Integer, Comma));
      if (!skip(RightParen)) return false;
    }
    if (skip(WITH, WITHOUT) && !(skip(TIME) && skip(ZONE))) return false;
    return this.LA(next).tokenType === Text;
  }
}
