import type { Language } from '../language.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';
import { recognize } from './recognize.ts';

/** LumaDB's own SQL, PostgreSQL-flavoured. */
export const lql: Language = {
  name: 'lql',
  title: 'LQL',
  family: 'native',
  parse,
  print: (statement) => print(statement),
  recognize,
};
