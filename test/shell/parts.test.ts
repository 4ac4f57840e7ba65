import { describe, expect, test } from 'vitest';
import { languageNamed } from '../../grammars/registry.ts';
import { partsOf } from '../../src/shell/parts.ts';

function parts(text: string, dialect = 'lql'): readonly string[] {
  return [...partsOf(text, () => languageNamed(dialect))].map((part) => `${part.kind}: ${part.text}`);
}

/** As psql finds its commands: not within quotes and comments (psql's documentation, "Meta-Commands"). */
describe('statements and backslash commands', () => {
  test.each([
    ['', []],
    [' \n ', []],
    ['select 1', ['statements: select 1']],
    ['\\d', ['command: \\d']],
    ['  \\d t ; \n', ['command: \\d t ;']],
    ['select 1;\n\\d\nselect 2;', ['statements: select 1;\n', 'command: \\d', 'statements: \n\nselect 2;']],
    ["select '\n\\d', 1", ["statements: select '\n\\d', 1"]],
    ["select E'\\'\n\\d'\n\\q", ["statements: select E'\\'\n\\d'\n", 'command: \\q']],
    ["select '\\'\n\\q", ["statements: select '\\'\n", 'command: \\q']],
    ["select date'2020-01-01'\n\\q", ["statements: select date'2020-01-01'\n", 'command: \\q']],
    ['select "\n\\d" from t', ['statements: select "\n\\d" from t']],
    ["select $x$\n\\d\n$x$ --'\n\\q", ["statements: select $x$\n\\d\n$x$ --'\n", 'command: \\q']],
    ['/* \n\\d */ select 1', ['statements: /* \n\\d */ select 1']],
    ["select 'open\n\\d", ["statements: select 'open\n\\d"]],
    ['select 1 \\d', ['statements: select 1 \\d']],
  ])('%j', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  test('a series language has other quotes: each line counts', () => {
    expect(parts('up{a="it\'s"}\n\\q', 'promql')).toEqual(['statements: up{a="it\'s"}\n', 'command: \\q']);
  });

  test('a command may change the language of what follows', () => {
    let dialect = 'promql';
    const seen: string[] = [];
    for (const part of partsOf("up{a=\"'\"}\n\\dialect lql\nselect '\n\\d'", () => languageNamed(dialect))) {
      if (part.kind === 'command') dialect = 'lql';
      seen.push(part.kind);
    }
    expect(seen).toEqual(['statements', 'command', 'statements']);
  });
});
