import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { outputName } from '../../../../grammars/ast/output-name.ts';
import type { SelectItem } from '../../../../grammars/ast/relation.ts';
import { parse } from '../../../../grammars/lql/parser.ts';
import { print } from '../../../../grammars/lql/printer.ts';
import { EXPRESSIONS } from './expressions.ts';

interface Golden {
  readonly engine: string;
  readonly headings: Readonly<Record<string, string>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL('headings.golden.json', import.meta.url), 'utf8'));

function items(text: string): readonly SelectItem[] {
  const [statement] = parse(text);
  if (statement?.kind !== 'query_statement' || statement.query.body.kind !== 'select')
    throw new TypeError(`${text} is no SELECT`);
  return statement.query.body.items;
}

function heading(text: string): string {
  const [item] = items(text);
  if (item?.kind !== 'expression') throw new TypeError(`${text} has no item`);
  return item.alias ?? outputName(item.expression);
}

/** The heading after the text has been printed and read again: a translation keeps it. */
function printedHeading(text: string): string {
  return heading(
    parse(text)
      .map((statement) => print(statement))
      .join(';'),
  );
}

describe(`the headings of ${golden.engine}`, () => {
  test.each(EXPRESSIONS)('%s', (expression) => {
    const text = `SELECT ${expression}`;
    expect(heading(text)).toBe(golden.headings[expression]);
    expect(printedHeading(text)).toBe(golden.headings[expression]);
  });

  test('a written alias wins', () => {
    expect(heading('SELECT ceiling(1.5) AS c')).toBe('c');
    expect(heading('SELECT (SELECT ceiling(1.5) AS c)')).toBe('c');
  });
});
