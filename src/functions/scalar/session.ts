import { type DataType, TEXT, typeName } from '../../types/data-type.ts';
import type { ScalarDefinition } from '../definition.ts';
import { argument } from './emitters.ts';

/** What a session says of itself. The server is one database with one schema. */

function fixed(name: string, summary: string, text: string): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [
      { arguments: [], returns: () => TEXT, volatility: 'stable', total: true, emit: (context) => context.textConstant(text) },
    ],
  };
}

/** PostgreSQL's names of the types (format_type). */
function formatType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return 'numeric';
    case 'timestamp':
      return type.zoned ? 'timestamp with time zone' : 'timestamp without time zone';
    case 'null':
      return 'unknown';
    default:
      return typeName(type).toLowerCase();
  }
}

export const sessionFunctions: readonly ScalarDefinition[] = [
  fixed('version', 'the server and its version', 'PostgreSQL 16.4 (LumaDB 0.1.0)'),
  fixed('current_database', 'the database', 'lumadb'),
  fixed('current_schema', 'the schema in which tables are', 'public'),
  {
    name: 'pg_typeof',
    summary: 'the type of a value, as PostgreSQL names it',
    overloads: [
      {
        arguments: ['any'],
        returns: () => TEXT,
        nulls: 'called',
        total: true,
        emit: (context, arguments_) => context.textConstant(formatType(argument(arguments_, 0).type)),
      },
    ],
  },
];
