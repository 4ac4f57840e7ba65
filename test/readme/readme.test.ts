import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;
const README = readFileSync(`${ROOT}README.md`, 'utf8');

/** The fenced block that follows a line of the README. */
function blockAfter(line: string, language: string): string {
  const from = README.indexOf(`\`\`\`${language}\n`, README.indexOf(line)) + language.length + 4;
  return README.slice(from, README.indexOf('\n```', from));
}

describe('README', () => {
  test('the tour works when pasted', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', blockAfter('Paste this', 'sh')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr.replace(/^loss\[unknown_labels\].*$/gm, '').trim()).toBe('');
    expect(status).toBe(0);
    for (const shown of ['desk', 'api', 'hash aggregate', 'COPY 2', '"gross":298.8', 'promql', 'GROUP BY job'])
      expect(stdout).toContain(shown);
  });

  test('the program runs', { timeout: 60_000 }, () => {
    const program = blockAfter('And in a program', 'ts').replace("'lumadb'", `'${ROOT}src/index.ts'`);
    const checked = program.replace('result.rows();', 'console.log(JSON.stringify(result.rows()), result.table.numRows);');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', checked], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim()).toBe('[{"host":"a","mean":0.5}] 1');
  });

  test('every page it links to is there', () => {
    const links = [...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path).filter((path) => !path.includes('://'));
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(ROOT + path))).toEqual([]);
  });
});
