import { LumaError } from '../../../types/error.ts';
import { re2FullMatch } from '../../../types/re2.ts';
import type { Span } from '../../../types/span.ts';
import { type LabelSet, labelValue, withLabel } from '../labels/labels.ts';

/**
 * `label_replace(v, target, replacement, source, regex)`: where the anchored expression matches the source label, the
 * target becomes the replacement with `$1`, `$name` and `${name}` filled in (Go's regexp.Expand).
 */
export function labelReplace(
  [target = '', replacement = '', source = '', pattern = '']: readonly string[],
  span: Span,
): (labels: LabelSet) => LabelSet {
  let regex: RegExp;
  try {
    regex = re2FullMatch(pattern);
  } catch (cause) {
    throw new LumaError('2201B', `invalid regular expression in label_replace(): ${pattern}`, { span, cause });
  }
  return (labels) => {
    const match = regex.exec(labelValue(labels, source));
    return match === null ? labels : withLabel(labels, target, expand(replacement, match));
  };
}

/** `label_join(v, target, separator, sources…)`. */
export function labelJoin([target = '', separator = '', ...sources]: readonly string[]): (labels: LabelSet) => LabelSet {
  return (labels) => withLabel(labels, target, sources.map((source) => labelValue(labels, source)).join(separator));
}

/** An unknown group is empty; `$$` is a dollar sign. */
function expand(template: string, match: RegExpExecArray): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$';
    const name = bare ?? braced ?? '';
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}
