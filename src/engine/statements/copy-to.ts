import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Query } from '../../../grammars/ast/relation.ts';
import type { Copy } from '../../../grammars/ast/statement.ts';
import { writeCsv } from '../../io/csv.ts';
import { writeParquet } from '../../io/parquet.ts';
import { writeText } from '../../io/text.ts';
import { asLumaError, LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import type { Batch, Schema } from '../../types/vector.ts';
import { compileQuery } from '../compile.ts';
import type { Outcome, RowsOutcome } from '../results/outcome.ts';
import { rowsOutcome } from '../results/rows.ts';
import type { StatementContext } from '../session.ts';
import type { CopyOptions } from './copy-options.ts';

/** COPY … TO: a file appears only when it is complete. */
export async function copyTo(statement: Copy, options: CopyOptions, context: StatementContext): Promise<Outcome> {
  const { file } = statement;
  if (file === null) {
    if (options.format === 'parquet') throw notSupported('Parquet to STDOUT', { span: statement.span, hint: 'Name a file.' });
    const source = await start(queryOf(statement), context);
    const counter = counting(source.batches);
    const data = lines(counter.batches, source.schema, options);
    return { kind: 'copy_out', columns: source.schema.length, data, rows: counter.rows };
  }
  const source = await start(queryOf(statement), context);
  const counter = counting(source.batches);
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    if (options.format === 'parquet') await writeParquet(unfinished, source.schema, counter.batches);
    else await pipeline(Readable.from(lines(counter.batches, source.schema, options)), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    if (thrown instanceof LumaError) throw thrown;
    const { message } = asLumaError(thrown);
    throw new LumaError(SQLSTATE.ioError, `could not write "${file}": ${message}`, { span: statement.span, cause: thrown });
  }
  return { kind: 'command', tag: `COPY ${counter.rows()}` };
}

/** The same batches; `rows` counts what has come by. */
function counting(batches: AsyncIterable<Batch>): { readonly batches: AsyncGenerator<Batch, void>; rows(): number } {
  let rows = 0;
  async function* counted(): AsyncGenerator<Batch, void> {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch;
    }
  }
  return { batches: counted(), rows: () => rows };
}

function lines(
  batches: AsyncIterable<Batch>,
  schema: Schema,
  options: Exclude<CopyOptions, { readonly format: 'parquet' }>,
): AsyncGenerator<Uint8Array, void> {
  return options.format === 'text' ? writeText(batches, schema, options) : writeCsv(batches, schema, options);
}

async function start(query: Query, context: StatementContext): Promise<RowsOutcome> {
  const { session } = context;
  const snapshot = session.snapshot();
  try {
    const compiled = compileQuery(query, session.compileContext(session.catalog(snapshot), []));
    return rowsOutcome('COPY', await session.start(compiled, snapshot, context), snapshot);
  } catch (thrown) {
    snapshot.release();
    throw thrown;
  }
}

/** A table's rows are `SELECT columns FROM table`. */
function queryOf({ source, span }: Copy): Query {
  if (source.type === 'query') return source.query;
  const items =
    source.columns.length === 0
      ? [{ kind: 'all', span, qualifier: null } as const]
      : source.columns.map((name) => {
          const expression = { kind: 'column', span, qualifier: null, name } as const;
          return { kind: 'expression', expression, alias: null } as const;
        });
  const from = { kind: 'table', span, schema: null, name: source.name, alias: null } as const;
  const select = {
    kind: 'select',
    span,
    distinct: false,
    items,
    from,
    where: null,
    groupBy: [],
    having: null,
    windows: [],
  } as const;
  return { kind: 'query', span, with: [], body: select, orderBy: [], limit: null, offset: null };
}
