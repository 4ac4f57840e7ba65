import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import { didYouMean } from '../../../src/types/nearest.ts';
import type { Span } from '../../../src/types/span.ts';
import type { Analyze, Explain, Statement } from '../../ast/statement.ts';
import { Label, LeftParen, opensQuery, payloadOf, RightParen, Semicolon, Text } from '../lexer/tokens.ts';
import type { Rule } from './base.ts';
import { SessionParser } from './statement/session.ts';

type ExplainOption = { readonly name: string; readonly value: string; readonly span: Span };

/** All statements. A dialect adds its own by overriding `statement`. */
export abstract class StatementParser extends SessionParser {
  readonly statements = this.RULE('statements', (): Statement[] => {
    const statements: Statement[] = [];
    this.MANY(() => this.CONSUME(Semicolon));
    this.OPTION(() => {
      statements.push(this.SUBRULE(this.statement));
      this.MANY2(() => {
        this.CONSUME2(Semicolon);
        this.OPTION2(() => statements.push(this.SUBRULE2(this.statement)));
      });
    });
    return statements;
  });

  readonly statement = this.RULE(
    'statement',
    (): Statement =>
      this.OR([
        { ALT: (): Statement => this.SUBRULE(this.explainable) },
        { ALT: (): Statement => this.SUBRULE(this.dropTable) },
        { ALT: (): Statement => this.SUBRULE(this.copy) },
        { ALT: (): Statement => this.SUBRULE(this.explain) },
        { ALT: (): Statement => this.SUBRULE(this.analyze) },
        { ALT: (): Statement => this.SUBRULE(this.transaction) },
        { ALT: (): Statement => this.SUBRULE(this.set) },
        { ALT: (): Statement => this.SUBRULE(this.show) },
        { ALT: (): Statement => this.SUBRULE(this.deallocate) },
        { ALT: (): Statement => this.SUBRULE(this.discard) },
      ]),
  );

  protected readonly explainable = this.RULE(
    'explainable',
    (): Statement =>
      this.OR([
        {
          ALT: (): Statement => {
            const start = this.mark();
            const query = this.SUBRULE(this.query);
            return { kind: 'query_statement', span: this.spanFrom(start), query };
          },
        },
        { ALT: (): Statement => this.SUBRULE(this.insert) },
        { ALT: (): Statement => this.SUBRULE(this.createTable) },
      ]),
  );

  /** EXPLAIN [ANALYZE] [VERBOSE] statement; EXPLAIN (options) statement. */
  readonly explain = this.RULE('explain', (): Explain => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let options: ExplainOption[] = [];
    let analyze = false;
    let verbose = false;
    this.CONSUME(k.EXPLAIN);
    this.OR([
      {
        GATE: () => this.LA(1).tokenType === LeftParen && !opensQuery(this.LA(1)),
        ALT: () => {
          this.CONSUME(LeftParen);
          options = this.SUBRULE(this.explainOptions);
          this.CONSUME(RightParen);
        },
      },
      {
        ALT: () => {
          this.OPTION(() => {
            this.CONSUME(k.ANALYZE);
            analyze = true;
          });
          this.OPTION2(() => {
            this.CONSUME(k.VERBOSE);
            verbose = true;
          });
        },
      },
    ]);
    const statement = this.SUBRULE(this.explainable);
    return this.ACTION(() => {
      if (statement.kind === 'create_table' && statement.query === null) {
        throw new LumaError(SQLSTATE.syntaxError, 'CREATE TABLE has a plan only with AS query', { span: statement.span });
      }
      const parts = explainParts(options);
      return { kind: 'explain', span: this.spanFrom(start), analyze, verbose, format: 'text', ...parts, statement };
    });
  });

  protected readonly explainOption = this.RULE('explainOption', (): ExplainOption => {
    const start = this.mark();
    const name = this.CONSUME(Label);
    const value = this.OPTION(() => payloadOf(this.OR([{ ALT: () => this.CONSUME2(Label) }, { ALT: () => this.CONSUME(Text) }])));
    return this.ACTION(() => ({
      name: payloadOf(name).toLowerCase(),
      value: (value ?? 'true').toLowerCase(),
      span: this.spanFrom(start),
    }));
  });

  protected readonly explainOptions: Rule<ExplainOption[]> = this.list('explainOptions', () => this.explainOption);

  /** ANALYZE [table, …] */
  readonly analyze = this.RULE('analyze', (): Analyze => {
    const start = this.mark();
    let tables: string[] = [];
    this.CONSUME(this.vocabulary.keywords.ANALYZE);
    this.OPTION(() => {
      tables = this.SUBRULE(this.ownTables);
    });
    return { kind: 'analyze', span: this.spanFrom(start), tables };
  });
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);

function explainParts(options: readonly ExplainOption[]): Partial<Explain> {
  const parts: { analyze?: boolean; verbose?: boolean; format?: Explain['format'] } = {};
  for (const { name, value, span } of options) {
    if (name === 'format') {
      if (value !== 'text' && value !== 'json')
        throw notSupported(`EXPLAIN as ${value}`, { span, hint: 'FORMAT is TEXT or JSON.' });
      parts.format = value;
    } else if (name === 'analyze' || name === 'verbose') {
      const on = SWITCHES.get(value);
      if (on === undefined) throw new LumaError(SQLSTATE.syntaxError, `${name} requires a Boolean value`, { span });
      parts[name] = on;
    } else {
      const hint = didYouMean(name, ['analyze', 'verbose', 'format']) ?? 'The options are ANALYZE, VERBOSE and FORMAT.';
      throw notSupported(`the EXPLAIN option ${name.toUpperCase()}`, { span, hint });
    }
  }
  return parts;
}
