import type { Schema } from '../../types/vector.ts';

/**
 * Names by which each column can be found: of several with one name the second is `name_2`, and so on. SQL allows equal
 * names; an object per row and apache-arrow's tables do not.
 */
export function uniqueNames(schema: Schema): readonly string[] {
  const taken = new Set(schema.map((field) => field.name));
  const seen = new Set<string>();
  return schema.map(({ name }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let count = 2;
    while (taken.has(`${name}_${count}`)) count++;
    taken.add(`${name}_${count}`);
    return `${name}_${count}`;
  });
}
