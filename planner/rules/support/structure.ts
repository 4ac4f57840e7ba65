import type { LogicalPlan } from '../../logical/plan.ts';

/**
 * `after`, or `before` itself where the two are equal in structure: a rule that rebuilds plans on its way says with it
 * that it changed nothing.
 */
export function keepIfSame(before: LogicalPlan, after: LogicalPlan): LogicalPlan {
  return sameStructure(before, after) ? before : after;
}

function sameStructure(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, position) => sameStructure(item, b[position]))
    );
  }
  const entries = Object.entries(a);
  const others = new Map(Object.entries(b));
  return (
    entries.length === others.size && entries.every(([key, value]) => others.has(key) && sameStructure(value, others.get(key)))
  );
}
