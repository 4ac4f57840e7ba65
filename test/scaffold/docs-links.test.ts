import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: project });

/** Links to files, and files of the project that are named in code style. */
function mentioned(page: string): readonly string[] {
  const text = readFileSync(join(project, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join(dirname(page), path));
  const named = [...text.matchAll(/`((?:src|grammars|planner|storage|test)\/[\w./-]+\.(?:ts|json))`/g)].map(
    ([, path = '']) => path,
  );
  return [...links, ...named];
}

/** What the guides make as their examples. */
const EXAMPLES = /^(test\/)?grammars\/clickhouse\/|^test\/functions\/gcd\.test\.ts$/;

test.each(pages)('%s names files that exist', (page) => {
  expect(mentioned(page).filter((path) => !EXAMPLES.test(path) && !existsSync(join(project, path)))).toEqual([]);
});
