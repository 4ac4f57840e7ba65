import { type Edit, Refusal } from './unit.ts';

/** Additions to files that exist. Each finds its place by the code around it; sorting imports is the formatter's work. */

/** After the last import. */
export function addImport(text: string, line: string): string {
  const imports = [...text.matchAll(/^import [^;]*;$/gm)];
  const last = imports.at(-1);
  const at = last === undefined ? 0 : last.index + last[0].length;
  return `${text.slice(0, at)}\n${line}${text.slice(at)}`;
}

/** An edit of one file from steps that each must find their place. */
export function edit(path: string, ...steps: readonly ((text: string) => string)[]): Edit {
  return {
    path,
    apply: (text) =>
      steps.reduce((current, step) => {
        const next = step(current);
        if (next === current) throw new Refusal(`${path} no longer has the place that a new line goes to; see src/scaffold.`);
        return next;
      }, text),
  };
}

/** Replaces the first match of `place`; a function, so that `$` in a name means itself. */
export function replacing(place: RegExp, by: (match: RegExpExecArray) => string): (text: string) => string {
  return (text) => {
    const match = place.exec(text);
    if (match === null) return text;
    return text.slice(0, match.index) + by(match) + text.slice(match.index + match[0].length);
  };
}
