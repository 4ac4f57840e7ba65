import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { didYouMean } from '../../src/types/nearest.ts';
import type { LogicalPlan } from '../logical/plan.ts';
import { checkReferences, checkSchema } from './check.ts';
import type { Rule, RuleContext } from './rule.ts';

/** What one application of one rule did. */
export interface RuleTrace {
  readonly rule: string;
  readonly changed: boolean;
  /** Only when the rule changed the plan. */
  readonly before?: LogicalPlan;
  readonly after?: LogicalPlan;
}

/**
 * Applies the rules in the given order, once each, leaving out the disabled ones. After each, the plan is checked: same
 * root columns, resolvable references. Throws XX000 naming the rule that broke it.
 */
export function applyRules(
  plan: LogicalPlan,
  rules: readonly Rule[],
  disabled: ReadonlySet<string>,
  context: RuleContext,
): { readonly plan: LogicalPlan; readonly trace: readonly RuleTrace[] } {
  const trace: RuleTrace[] = [];
  let current = plan;
  for (const rule of rules) {
    if (disabled.has(rule.name)) continue;
    const next = rule.apply(current, context);
    if (next === current) {
      trace.push({ rule: rule.name, changed: false });
      continue;
    }
    checkSchema(rule.name, current.columns, next.columns);
    checkReferences(rule.name, next);
    trace.push({ rule: rule.name, changed: true, before: current, after: next });
    current = next;
  }
  return { plan: current, trace };
}

/** Throws 22023 for a name that no rule has, with the nearest one as hint. */
export function checkRuleNames(names: Iterable<string>, rules: readonly Rule[]): void {
  const known = new Set(rules.map((rule) => rule.name));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new LumaError(SQLSTATE.invalidParameterValue, `there is no optimizer rule "${name}"`, {
      hint: didYouMean(name, known),
    });
  }
}
