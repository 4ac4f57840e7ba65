import type { Statement } from '../../grammars/ast/statement.ts';

const WIDTH = 120;

/** A tree for reading: `(kind field:value …)`, broken where a line gets long. Spans, nulls, false and empty lists are left out. */
export function astText(statement: Statement): string {
  return write(statement, 0);
}

function write(value: unknown, depth: number): string {
  const flat = flatten(value);
  if (flat.length + 2 * depth <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const indent = '  '.repeat(depth + 1);
  if (Array.isArray(value)) return `[${value.map((item) => `\n${indent}${write(item, depth + 1)}`).join('')}]`;
  const fields = shown(value).map(([name, field]) => `\n${indent}${name}:${write(field, depth + 1)}`);
  return `(${kindOf(value)}${fields.join('')})`;
}

function flatten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatten).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = shown(value).map(([name, field]) => `${name}:${flatten(field)}`);
  return `(${['kind' in value ? [kindOf(value)] : [], fields].flat().join(' ')})`;
}

function kindOf(node: object): string {
  return 'kind' in node ? String(node.kind) : '';
}

function shown(node: object): readonly (readonly [string, unknown])[] {
  return Object.entries(node).filter(
    ([name, field]) =>
      name !== 'kind' &&
      !/[sS]pan$/.test(name) &&
      field !== null &&
      field !== undefined &&
      field !== false &&
      !(Array.isArray(field) && field.length === 0),
  );
}
