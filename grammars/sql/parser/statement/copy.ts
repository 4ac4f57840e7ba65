import { LumaError, notSupported, SQLSTATE } from '../../../../src/types/error.ts';
import type { Copy } from '../../../ast/statement.ts';
import { Decimal, Float, Integer, Label, LeftParen, opensQuery, payloadOf, RightParen, Text } from '../../lexer/tokens.ts';
import type { Rule } from '../base.ts';
import { TableParser } from './tables.ts';

type CopyOption = Copy['options'][number];

/** COPY, with PostgreSQL's option list and the older words without parentheses. */
export abstract class CopyParser extends TableParser {
  readonly copy = this.RULE('copy', (): Copy => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.COPY);
    const source = this.SUBRULE(this.copySource);
    const direction = this.OR([this.word(k.FROM, 'from'), this.word(k.TO, 'to')]);
    const directionSpan = this.ACTION(() => this.spanFrom(this.LA(0).startOffset));
    const file = this.OR2([
      { ALT: (): string | null => payloadOf(this.CONSUME(Text)) },
      this.word(k.STDIN, null),
      this.word(k.STDOUT, null),
    ]);
    let listed: CopyOption[] = [];
    const words: CopyOption[] = [];
    this.OPTION(() => this.CONSUME(k.WITH));
    this.OR3([
      {
        ALT: () => {
          this.CONSUME(LeftParen);
          listed = this.SUBRULE(this.copyOptions);
          this.CONSUME(RightParen);
        },
      },
      { ALT: () => this.MANY(() => words.push(this.SUBRULE(this.oldOption))) },
    ]);
    return this.ACTION(() => {
      if (source.type === 'query' && direction === 'from') {
        throw new LumaError(SQLSTATE.syntaxError, 'a query can only be copied TO', { span: directionSpan });
      }
      return { kind: 'copy', span: this.spanFrom(start), source, direction, file, options: [...listed, ...words] };
    });
  });

  protected readonly copySource = this.RULE('copySource', (): Copy['source'] =>
    this.OR([
      { GATE: () => opensQuery(this.LA(1)), ALT: (): Copy['source'] => ({ type: 'query', query: this.SUBRULE(this.subquery) }) },
      {
        ALT: (): Copy['source'] => {
          const name = this.SUBRULE(this.ownTable);
          let columns: string[] = [];
          this.OPTION(() => {
            columns = this.SUBRULE(this.columnNames);
          });
          return { type: 'table', name, columns };
        },
      },
    ]),
  );

  /** `name [value]`; without a value, true. A bare TRUE, FALSE, ON or OFF is a boolean, any other word a string. */
  protected readonly copyOption = this.RULE('copyOption', (): CopyOption => {
    const start = this.mark();
    const name = this.CONSUME(Label);
    let value: string | boolean = true;
    this.OPTION(() => {
      value = this.SUBRULE(this.copyValue);
    });
    return this.ACTION(() => ({ name: payloadOf(name).toLowerCase(), value, span: this.spanFrom(start) }));
  });

  protected readonly copyOptions: Rule<CopyOption[]> = this.list('copyOptions', () => this.copyOption);

  protected readonly copyValue = this.RULE('copyValue', (): string | boolean => {
    const start = this.mark();
    return this.OR([
      { ALT: (): string | boolean => payloadOf(this.CONSUME(Text)) },
      { ALT: (): string | boolean => payloadOf(this.CONSUME(Integer)) },
      { ALT: (): string | boolean => payloadOf(this.CONSUME(Decimal)) },
      { ALT: (): string | boolean => payloadOf(this.CONSUME(Float)) },
      {
        ALT: (): string | boolean => {
          const word = payloadOf(this.CONSUME(Label));
          return BOOLEANS.get(word) ?? word;
        },
      },
      {
        ALT: (): string | boolean => {
          this.CONSUME(LeftParen);
          this.refuse('a list of columns as a COPY option', start);
          return '';
        },
      },
    ]);
  });

  /** `CSV`, `HEADER`, `DELIMITER [AS] ','`, `NULL [AS] ''` … as PostgreSQL before 9.0 wrote options. */
  protected readonly oldOption = this.RULE('oldOption', (): CopyOption => {
    const start = this.mark();
    const name = this.CONSUME(Label);
    let value: string | boolean = true;
    this.OPTION(() => {
      this.OPTION2(() => this.CONSUME(this.vocabulary.keywords.AS));
      value = payloadOf(this.CONSUME(Text));
    });
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      const word = payloadOf(name).toLowerCase();
      // The old options say the format by its name.
      if (word === 'csv' || word === 'binary') return { name: 'format', value: word, span };
      if (OLD_OPTIONS.includes(word)) return { name: word, value, span };
      throw notSupported(`the COPY option ${word.toUpperCase()}`, { span });
    });
  });
}

const OLD_OPTIONS: readonly string[] = ['header', 'delimiter', 'null', 'quote', 'escape', 'encoding'];

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);
