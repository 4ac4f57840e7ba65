import type { Deallocate, Discard, SetVariable, ShowVariable, Transaction } from '../../../ast/statement.ts';
import { Comma, Decimal, Dot, Equal, Float, Integer, Label, Name, payloadOf, Sign, Text } from '../../lexer/tokens.ts';
import type { Rule } from '../base.ts';
import { CopyParser } from './copy.ts';

/** Transactions and session variables. */
export abstract class SessionParser extends CopyParser {
  readonly transaction = this.RULE('transaction', (): Transaction => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const action = this.OR([
      {
        ALT: (): Transaction['action'] => {
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(k.BEGIN);
                this.OPTION(() => this.OR3([this.word(k.WORK, null), this.word(k.TRANSACTION, null)]));
              },
            },
            {
              ALT: () => {
                this.CONSUME(k.START);
                this.CONSUME2(k.TRANSACTION);
              },
            },
          ]);
          this.OPTION2(() => this.SUBRULE(this.transactionModes));
          return 'begin';
        },
      },
      {
        ALT: (): Transaction['action'] => {
          const end = this.OR4([
            this.word(k.COMMIT, 'commit'),
            this.word(k.END, 'commit'),
            this.word(k.ROLLBACK, 'rollback'),
            this.word(k.ABORT, 'rollback'),
          ]);
          this.OPTION3(() => this.OR5([this.word(k.WORK, null), { ALT: () => this.CONSUME3(k.TRANSACTION) }]));
          return end;
        },
      },
    ]);
    return { kind: 'transaction', span: this.spanFrom(start), action };
  });

  /**
   * Modes that snapshot isolation fulfils: every level up to REPEATABLE READ, and READ WRITE. SERIALIZABLE and READ ONLY
   * promise more and are refused (unsupported.ts).
   */
  protected readonly transactionModes = this.RULE('transactionModes', (): void => {
    this.SUBRULE(this.transactionMode);
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(Comma));
      this.SUBRULE2(this.transactionMode);
    });
  });

  protected readonly transactionMode = this.RULE('transactionMode', (): void => {
    const k = this.vocabulary.keywords;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(k.ISOLATION);
          this.CONSUME(k.LEVEL);
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(k.READ);
                this.OR3([this.word(k.COMMITTED, null), this.word(k.UNCOMMITTED, null)]);
              },
            },
            {
              ALT: () => {
                this.CONSUME(k.REPEATABLE);
                this.CONSUME2(k.READ);
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME3(k.READ);
          this.CONSUME(k.WRITE);
        },
      },
    ]);
  });

  /** SET [SESSION | LOCAL] name {= | TO} value, …; SET TIME ZONE value; SET NAMES value; RESET name. */
  readonly set = this.RULE('set', (): SetVariable => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let local = false;
    return this.OR([
      {
        ALT: (): SetVariable => {
          this.CONSUME(k.RESET);
          const name = this.SUBRULE(this.variable);
          return { kind: 'set', span: this.spanFrom(start), name, value: null, local: false };
        },
      },
      {
        ALT: (): SetVariable => {
          this.CONSUME(k.SET);
          this.OPTION({
            GATE: () => this.LA(2).tokenType !== Equal && this.LA(2).tokenType !== k.TO,
            DEF: () => {
              local = this.OR2([this.word(k.SESSION, false), this.word(k.LOCAL, true)]);
            },
          });
          const assignment = this.SUBRULE(this.assignment);
          return { kind: 'set', span: this.spanFrom(start), ...assignment, local };
        },
      },
    ]);
  });

  protected readonly variable = this.RULE('variable', (): string => {
    const k = this.vocabulary.keywords;
    return this.OR([
      this.word(k.ALL, 'all'),
      {
        GATE: () => this.ahead(k.TIME, k.ZONE),
        ALT: (): string => {
          this.CONSUME(k.TIME);
          this.CONSUME(k.ZONE);
          return 'timezone';
        },
      },
      {
        GATE: () => this.ahead(k.TRANSACTION, k.ISOLATION, k.LEVEL),
        ALT: (): string => {
          this.CONSUME(k.TRANSACTION);
          this.CONSUME(k.ISOLATION);
          this.CONSUME(k.LEVEL);
          return 'transaction_isolation';
        },
      },
      { ALT: (): string => this.SUBRULE(this.variableName) },
    ]);
  });

  /** Extensions' variables have a dot. */
  protected readonly variableName = this.RULE('variableName', (): string => {
    const names = [payloadOf(this.CONSUME(Name))];
    this.MANY(() => {
      this.CONSUME(Dot);
      names.push(payloadOf(this.CONSUME(Label)));
    });
    return names.join('.');
  });

  protected readonly assignment = this.RULE('assignment', (): { name: string; value: string | null } => {
    const k = this.vocabulary.keywords;
    return this.OR([
      {
        GATE: () => this.ahead(k.TIME, k.ZONE),
        ALT: (): { name: string; value: string | null } => {
          this.CONSUME(k.TIME);
          this.CONSUME(k.ZONE);
          return { name: 'timezone', value: this.SUBRULE(this.zone) };
        },
      },
      {
        GATE: () => this.LA(1).tokenType === k.NAMES && this.LA(2).tokenType !== Equal && this.LA(2).tokenType !== k.TO,
        ALT: (): { name: string; value: string | null } => {
          this.CONSUME(k.NAMES);
          return { name: 'client_encoding', value: this.SUBRULE(this.settings) };
        },
      },
      {
        ALT: (): { name: string; value: string | null } => {
          const name = this.SUBRULE(this.variableName);
          this.OR2([this.word(Equal, null), this.word(k.TO, null)]);
          return { name, value: this.SUBRULE2(this.settings) };
        },
      },
    ]);
  });

  /** LOCAL and DEFAULT are the zone the server started with. */
  protected readonly zone = this.RULE('zone', (): string | null => {
    const k = this.vocabulary.keywords;
    return this.OR([this.word(k.LOCAL, null), { ALT: (): string | null => this.SUBRULE(this.settings) }]);
  });

  /** `DEFAULT` (null), a value, or several, which become one text with commas. */
  protected readonly settings = this.RULE('settings', (): string | null =>
    this.OR([
      this.word(this.vocabulary.keywords.DEFAULT, null),
      {
        ALT: (): string | null => {
          const values = this.SUBRULE(this.settingList);
          return this.ACTION(() => values.join(', '));
        },
      },
    ]),
  );

  protected readonly setting = this.RULE('setting', (): string =>
    this.OR([
      { ALT: (): string => payloadOf(this.CONSUME(Text)) },
      { ALT: (): string => payloadOf(this.CONSUME(Label)) },
      {
        ALT: (): string => {
          const sign = this.OPTION(() => this.CONSUME(Sign));
          const digits = this.OR2([
            { ALT: () => this.CONSUME(Integer) },
            { ALT: () => this.CONSUME(Decimal) },
            { ALT: () => this.CONSUME(Float) },
          ]);
          return (sign?.image === '-' ? '-' : '') + payloadOf(digits);
        },
      },
    ]),
  );

  protected readonly settingList: Rule<string[]> = this.list('settingList', () => this.setting);

  readonly show = this.RULE('show', (): ShowVariable => {
    const start = this.mark();
    this.CONSUME(this.vocabulary.keywords.SHOW);
    const name = this.SUBRULE(this.variable);
    return { kind: 'show', span: this.spanFrom(start), name };
  });

  /** DEALLOCATE [PREPARE] {name | ALL}; the last word may be PREPARE itself, as a name. */
  readonly deallocate = this.RULE('deallocate', (): Deallocate => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.DEALLOCATE);
    this.OPTION({
      GATE: () => this.LA(2).tokenType === k.ALL || this.isA(2, Name),
      DEF: () => this.CONSUME(k.PREPARE),
    });
    const name = this.OR([this.word(k.ALL, null), { ALT: (): string | null => payloadOf(this.CONSUME(Name)) }]);
    return { kind: 'deallocate', span: this.spanFrom(start), name };
  });

  readonly discard = this.RULE('discard', (): Discard => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    this.CONSUME(k.DISCARD);
    const what = this.OR([
      this.word(k.ALL, 'all'),
      this.word(k.PLANS, 'plans'),
      this.word(k.SEQUENCES, 'sequences'),
      this.word(k.TEMP, 'temp'),
      this.word(k.TEMPORARY, 'temp'),
    ]);
    return { kind: 'discard', span: this.spanFrom(start), what };
  });
}
