import { languages } from '../../../grammars/registry.ts';
import { addImport, edit, replacing } from '../edits.ts';
import { checkName, pascal } from '../names.ts';
import { Refusal, type Unit } from '../unit.ts';
import { dialectFiles, dialectTest } from './dialect-files.ts';

/** A SQL dialect on the shared grammar: its folder, its line in the registry, and a test of what it writes otherwise. */
export function dialect(name: string): Unit {
  checkName(name, /^[a-z][a-z0-9]*$/, 'a dialect is called as in --dialect: lower case letters and digits, like questdb');
  if (languages.some((language) => language.name === name)) throw new Refusal(`There is a language ${name}.`);
  const title = pascal(name);
  const folder = `grammars/${name}`;
  const test = `test/grammars/${name}/dialect.test.ts`;
  return {
    files: [
      ...Object.entries(dialectFiles(name, title)).map(([file, text]) => ({ path: `${folder}/${file}`, text })),
      { path: test, text: dialectTest(name, title) },
    ],
    edits: [
      edit(
        'grammars/registry.ts',
        (text) => addImport(text, `import { ${name} } from './${name}/language.ts';`),
        replacing(/(languages: readonly Language\[\] = \[[^\]]*)\]/, (match) => `${match[1]}, ${name}]`),
      ),
    ],
    next: [
      `Write the language's own title in ${folder}/language.ts.`,
      `List in ${test} what its documentation writes otherwise than PostgreSQL.`,
      `State it in ${folder}/dialect.ts, keywords.ts and functions.ts; what is syntax goes into parser.ts.`,
      `Say in ${folder}/recognize.ts what gives its texts away.`,
      'docs/adding-a-language.md has the steps with an example.',
    ],
  };
}
