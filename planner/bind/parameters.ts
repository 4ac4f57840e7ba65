import { type DataType, NULL, typeName } from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';
import type { BoundExpression, ParameterRef } from '../expression.ts';
import { transformExpression } from '../expression-visit.ts';
import type { LogicalPlan } from '../logical/plan.ts';
import { mapExpressions, transformUp } from '../logical/visit.ts';

/** As many as PostgreSQL's protocol can count (55.7, Bind: Int16 without a sign). */
const MAX_PARAMETERS = 65_535;

/**
 * The types of `$1`…: given by the client, or by the first context that wants a type (PostgreSQL, PREPARE). A reference
 * whose type no context gave yet has type NULL; `complete` replaces what is left of them.
 */
export class ParameterTypes {
  readonly #types = new Map<number, DataType>();
  #count: number;
  #undecided = false;

  constructor(given: readonly (DataType | undefined)[]) {
    this.#count = given.length;
    given.forEach((type, position) => {
      if (type !== undefined) this.#types.set(position + 1, type);
    });
  }

  /** A reference to `$index` with the type known so far. */
  reference(index: number, span: Span): ParameterRef {
    if (index < 1 || index > MAX_PARAMETERS) {
      const hint = `Parameters are $1 to $${MAX_PARAMETERS}.`;
      throw new LumaError(SQLSTATE.undefinedParameter, `there is no parameter $${index}`, { span, hint });
    }
    this.#count = Math.max(this.#count, index);
    return { kind: 'parameter', index, type: this.#types.get(index) ?? NULL, nullable: true, span };
  }

  /** The reference with a type: the one it has got meanwhile, or `type`, which is its type from here on. */
  resolve(parameter: ParameterRef, type: DataType): ParameterRef {
    const known = this.#types.get(parameter.index);
    if (known !== undefined) return { ...parameter, type: known };
    this.#types.set(parameter.index, type);
    return { ...parameter, type };
  }

  /** The reference left untyped where any type will do (`$1 IS NULL`): another place has to decide. */
  leaveOpen(parameter: ParameterRef): ParameterRef {
    this.#undecided = true;
    return parameter;
  }

  /** The plan with every reference typed; 42P18 for a parameter that no context decides. */
  complete(plan: LogicalPlan): LogicalPlan {
    if (!this.#undecided) return plan;
    return transformUp(plan, (each) => mapExpressions(each, (expression) => this.#completeExpression(expression)));
  }

  #completeExpression(expression: BoundExpression): BoundExpression {
    return transformExpression(expression, (each) => {
      if (each.kind !== 'parameter' || each.type.kind !== 'null') return each;
      const type = this.#types.get(each.index);
      if (type !== undefined) return { ...each, type };
      throw new LumaError('42P18', `could not determine data type of parameter $${each.index}`, {
        span: each.span,
        hint: `Say it with a cast: CAST($${each.index} AS type).`,
      });
    });
  }

  /** By position; null where the text never mentions the parameter. */
  list(): readonly (DataType | null)[] {
    return Array.from({ length: this.#count }, (_, position) => this.#types.get(position + 1) ?? null);
  }
}

/** 42P08: two places want types of `$n` that no implicit cast joins. */
export function inconsistentParameter(parameter: ParameterRef, wanted: DataType): LumaError {
  const known = typeName(parameter.type).toLowerCase();
  return new LumaError('42P08', `inconsistent types deduced for parameter $${parameter.index}`, {
    span: parameter.span,
    hint: `It is ${known} in one place and ${typeName(wanted).toLowerCase()} here.`,
  });
}
