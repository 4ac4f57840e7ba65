import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { functionReference } from '../../src/scaffold/function-reference.ts';

test('docs/functions.md is what npm run docs:functions writes', () => {
  expect(readFileSync(new URL('../../docs/functions.md', import.meta.url), 'utf8')).toBe(functionReference());
});
