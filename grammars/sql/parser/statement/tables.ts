import { notSupported } from '../../../../src/types/error.ts';
import type { Query } from '../../../ast/relation.ts';
import type { ColumnDefinition, ColumnRole, CreateTable, DropTable, Insert } from '../../../ast/statement.ts';
import { LeftParen, opensQuery, RightParen } from '../../lexer/tokens.ts';
import type { Rule } from '../base.ts';
import { QueryParser } from '../queries.ts';

/** CREATE TABLE, DROP TABLE, INSERT. */
export abstract class TableParser extends QueryParser {
  /** A column's role after its type; dialects with roles override it. */
  abstract readonly columnRole: Rule<ColumnRole>;

  /** The name of a table that statements change: only the default schema can be named, and naming it changes nothing. */
  readonly ownTable = this.RULE('ownTable', (): string => {
    const start = this.mark();
    const { schema, name } = this.SUBRULE(this.qualifiedName);
    return this.ACTION(() => {
      if (schema === null || schema === this.dialect.defaultSchema) return name;
      throw notSupported(`the schema "${schema}"`, { span: this.spanFrom(start), hint: 'Name the table without a schema.' });
    });
  });

  readonly ownTables: Rule<string[]> = this.list('ownTables', () => this.ownTable);

  readonly createTable = this.RULE('createTable', (): CreateTable => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let ifNotExists = false;
    this.CONSUME(k.CREATE);
    this.CONSUME(k.TABLE);
    this.OPTION({
      GATE: () => this.LA(2).tokenType === k.NOT,
      DEF: () => {
        this.CONSUME(k.IF);
        this.CONSUME(k.NOT);
        this.CONSUME(k.EXISTS);
        ifNotExists = true;
      },
    });
    const name = this.SUBRULE(this.ownTable);
    const content = this.OR([
      {
        ALT: (): Pick<CreateTable, 'columns' | 'query'> => {
          this.CONSUME(LeftParen);
          const columns = this.SUBRULE(this.columnDefinitions);
          this.CONSUME(RightParen);
          return { columns, query: null };
        },
      },
      { ALT: (): Pick<CreateTable, 'columns' | 'query'> => ({ columns: [], query: this.SUBRULE(this.createdFrom) }) },
    ]);
    return { kind: 'create_table', span: this.spanFrom(start), name, ifNotExists, ...content };
  });

  /** `AS query [WITH DATA]` */
  protected readonly createdFrom = this.RULE('createdFrom', (): Query => {
    const k = this.vocabulary.keywords;
    this.CONSUME(k.AS);
    const query = this.SUBRULE(this.query);
    this.OPTION({
      GATE: () => this.LA(2).tokenType === k.DATA,
      DEF: () => {
        this.CONSUME(k.WITH);
        this.CONSUME(k.DATA);
      },
    });
    return query;
  });

  /** `name type [role] [NULL | NOT NULL]`, role and NULL in any order. */
  readonly columnDefinition = this.RULE('columnDefinition', (): ColumnDefinition => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    const type = this.SUBRULE(this.dataType);
    let role: ColumnRole | null = null;
    let notNull = false;
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.OPTION(() => {
              this.CONSUME(k.NOT);
              notNull = true;
            });
            this.CONSUME(k.NULL);
          },
        },
        {
          ALT: () => {
            role = this.SUBRULE(this.columnRole);
          },
        },
      ]);
    });
    return { span: this.spanFrom(start), name, type, role, notNull };
  });

  protected readonly columnDefinitions: Rule<ColumnDefinition[]> = this.list('columnDefinitions', () => this.columnDefinition);

  readonly dropTable = this.RULE('dropTable', (): DropTable => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let ifExists = false;
    this.CONSUME(k.DROP);
    this.CONSUME(k.TABLE);
    this.OPTION({
      GATE: () => this.LA(2).tokenType === k.EXISTS,
      DEF: () => {
        this.CONSUME(k.IF);
        this.CONSUME(k.EXISTS);
        ifExists = true;
      },
    });
    const names = this.SUBRULE(this.ownTables);
    return { kind: 'drop_table', span: this.spanFrom(start), names, ifExists };
  });

  readonly insert = this.RULE('insert', (): Insert => {
    const k = this.vocabulary.keywords;
    const start = this.mark();
    let columns: string[] = [];
    this.CONSUME(k.INSERT);
    this.CONSUME(k.INTO);
    const table = this.SUBRULE(this.ownTable);
    this.OPTION({
      GATE: () => !opensQuery(this.LA(1)),
      DEF: () => {
        columns = this.SUBRULE(this.columnNames);
      },
    });
    const source = this.SUBRULE(this.query);
    return { kind: 'insert', span: this.spanFrom(start), table, columns, source };
  });
}
