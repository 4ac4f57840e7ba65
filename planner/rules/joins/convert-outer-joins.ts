import type { BoundExpression } from '../../expression.ts';
import { substituteColumns } from '../../expression-visit.ts';
import { joinOf } from '../../logical/build.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { definitionsOf, idsOf, select } from '../support/columns.ts';
import { rejectsNulls } from '../support/nulls.ts';

type Predicates = readonly BoundExpression[];

const NONE: Predicates = [];

/**
 * Pattern: an outer join whose padded rows some predicate above drops: a filter, or the condition of a join.
 * Guard: the predicate cannot be true when all columns of the padded side are NULL, and nothing between it and the join
 * needs the padded rows.
 * Replacement: left becomes inner; full becomes left (its sides swapped where the left columns are the rejected ones) or
 * inner.
 *
 * It must not fire when the predicate can be true of NULLs: `FROM l LEFT JOIN r ON l.k = r.k WHERE coalesce(r.v, 0) = 0`,
 * `… WHERE r.k IS NULL`. Nor through an aggregate: `SELECT count(r.v) AS n … GROUP BY l.k HAVING count(r.v) < 5` counts 0
 * for the padded rows.
 */
export const ConvertOuterJoins: Rule = {
  name: 'ConvertOuterJoins',
  apply: (plan) => convert(plan, NONE),
};

/** Rewrites the plan, of whose rows only those matter for which `required` are true. */
function convert(plan: LogicalPlan, required: Predicates): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return mapInputs(plan, (input) => convert(input, [...plan.predicates, ...required]));
    case 'project': {
      const definitions = definitionsOf(plan.items);
      const below = required.map((predicate) => substituteColumns(predicate, definitions));
      return mapInputs(plan, (input) => convert(input, below));
    }
    case 'sort':
      return mapInputs(plan, (input) => convert(input, required));
    case 'join':
      return convertJoin(plan, required);
    default:
      return mapInputs(plan, (input) => convert(input, NONE));
  }
}

function convertJoin(plan: Join, required: Predicates): LogicalPlan {
  const { left, right } = plan;
  switch (plan.type) {
    case 'inner':
      return mapInputs(plan, (input) => convert(input, [...plan.predicates, ...required]));
    case 'semi':
      return mapInputs(plan, (input, side) => convert(input, side === 0 ? [...plan.predicates, ...required] : plan.predicates));
    case 'left':
      if (!rejects(required, right)) {
        return mapInputs(plan, (input, side) => convert(input, side === 0 ? required : plan.predicates));
      }
      return convertJoin(joinOf('inner', left, right, plan.predicates), required);
    case 'full': {
      const dropsLeftPadding = rejects(required, left);
      const dropsRightPadding = rejects(required, right);
      if (dropsLeftPadding && dropsRightPadding) return convertJoin(joinOf('inner', left, right, plan.predicates), required);
      if (dropsLeftPadding) return convertJoin(joinOf('left', left, right, plan.predicates), required);
      if (!dropsRightPadding) return mapInputs(plan, (input) => convert(input, NONE));
      return select(convertJoin(joinOf('left', right, left, plan.predicates), required), plan.columns);
    }
    case 'anti':
    case 'mark': {
      // A right row that fails the comparison of NOT IN by NULL still counts, so there nothing is required of it.
      const ofRight = plan.nullAware ? plan.predicates.slice(1) : plan.predicates;
      return mapInputs(plan, (input, side) => convert(input, side === 0 ? required : ofRight));
    }
  }
}

function rejects(required: Predicates, side: LogicalPlan): boolean {
  const columns = idsOf(side.columns);
  return required.some((predicate) => rejectsNulls(predicate, columns));
}
