import { Refusal } from './unit.ts';

/** Words that ECMAScript (section 12.7.2) does not let a binding have. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for function ' +
    'if implements import in instanceof interface let new null package private protected public return static super switch this ' +
    'throw true try typeof var void while with yield arguments eval'
  ).split(' '),
);

/** Throws when the name is not of the form, or is no identifier of the language it is written in. */
export function checkName(name: string, form: RegExp, description: string): void {
  if (!form.test(name)) throw new Refusal(`"${name}" is no fit name: ${description}.`);
  if (RESERVED.has(name)) throw new Refusal(`"${name}" is a word of TypeScript itself.`);
}

/** `PushLimit`, `push_limit` and `pushLimit` have the words push and limit. */
function words(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]/);
}

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `push-limit`, as files are called. */
export function kebab(name: string): string {
  return words(name).join('-');
}

/** `PushLimit`, as types, classes and rules are called. */
export function pascal(name: string): string {
  return words(name).map(capitalized).join('');
}

/** `pushLimit`, as values are called. */
export function camel(name: string): string {
  const [first = '', ...more] = words(name);
  return first + more.map(capitalized).join('');
}

/** `push_limit`, as kinds and SQL functions are called. */
export function snake(name: string): string {
  return words(name).join('_');
}
