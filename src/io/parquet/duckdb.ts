import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { asLumaError, LumaError, SQLSTATE } from '../../types/error.ts';

/** DuckDB's own share of the machine while it reads or writes a file: beyond it, it spills to its temporary directory. */
const MEMORY_LIMIT = '1GB';

/** Runs `use` on a DuckDB of its own, which keeps intermediate data out of memory in `temporary` if given. */
export async function openDuckDB(temporary?: string): Promise<{ connection: DuckDBConnection; close(): void }> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    ...(temporary === undefined ? {} : { temp_directory: temporary }),
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** What DuckDB says, as an error about the file: 53200 past its memory, else 58030. Its advice and its query are its own. */
export function fileError(what: string, path: string, error: unknown): LumaError {
  if (error instanceof LumaError) return error;
  const [said = ''] = asLumaError(error).message.split('\n');
  const code = said.startsWith('Out of Memory Error:') ? SQLSTATE.outOfMemory : SQLSTATE.ioError;
  const message = said.replace(/^(Invalid Input|IO|Invalid|Out of Memory) Error:\s*/, '');
  return new LumaError(code, `could not ${what} "${path}": ${message}`, { cause: error });
}
