import { extname } from 'node:path';
import type { Copy } from '../../grammars/ast/statement.ts';
import { inferCsvSchema } from '../io/csv-schema.ts';
import { readParquet } from '../io/parquet.ts';
import type { DataType } from '../types/data-type.ts';
import { notSupported } from '../types/error.ts';
import { NO_SPAN } from '../types/span.ts';
import type { Session } from './session.ts';

interface ImportFile {
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
  readonly options: Copy['options'];
}

const READERS: Readonly<Record<string, (path: string) => Promise<ImportFile>>> = {
  '.csv': csvFile,
  '.tsv': csvFile,
  '.parquet': async (path) => ({ columns: (await readParquet(path)).schema, options: [option('format', 'parquet')] }),
};

/**
 * Loads a file into a table, which is made with the file's columns when it is missing. The file's name decides how it is
 * read; a CSV file's delimiter, header and types are found out from its beginning. One transaction. Gives COPY's tag.
 */
export async function importFile(session: Session, path: string, table: string): Promise<string> {
  const extension = extname(path).toLowerCase();
  const read = Object.hasOwn(READERS, extension) ? READERS[extension] : undefined;
  if (read === undefined) {
    throw notSupported(`importing a ${extension === '' ? 'file without an extension' : `${extension} file`}`, {
      hint: `Files are ${Object.keys(READERS).join(', ')}.`,
    });
  }
  const { columns, options } = await read(path);
  const span = NO_SPAN;
  const definitions = columns.map((column) => ({ span, name: column.name, type: column.type, role: null, notNull: false }));
  const names = columns.map((column) => column.name);
  await run(session, { kind: 'transaction', span, action: 'begin' });
  try {
    await run(session, { kind: 'create_table', span, name: table, ifNotExists: true, columns: definitions, query: null });
    const source = { type: 'table', name: table, columns: names } as const;
    const tag = await run(session, { kind: 'copy', span, source, direction: 'from', file: path, options });
    await run(session, { kind: 'transaction', span, action: 'commit' });
    return tag;
  } catch (thrown) {
    await run(session, { kind: 'transaction', span, action: 'rollback' });
    throw thrown;
  }
}

async function csvFile(path: string): Promise<ImportFile> {
  const { columns, options } = await inferCsvSchema(path);
  return {
    columns,
    options: [option('format', 'csv'), option('header', options.header ?? false), option('delimiter', options.delimiter ?? ',')],
  };
}

function option(name: string, value: string | boolean): Copy['options'][number] {
  return { name, value, span: NO_SPAN };
}

async function run(session: Session, statement: Parameters<Session['prepare']>[0]): Promise<string> {
  const outcome = await session.execute(session.prepare(statement));
  return outcome.kind === 'command' ? outcome.tag : '';
}
