import type { WindowSpecification } from '../../../../grammars/ast/expression.ts';
import { LumaError, SQLSTATE } from '../../../../src/types/error.ts';
import { didYouMean } from '../../../../src/types/nearest.ts';
import type { Span } from '../../../../src/types/span.ts';

/**
 * A window with what its base adds (PostgreSQL, SELECT, WINDOW clause): it takes the base's partitions, may order only
 * where the base does not, and never takes a base's frame but by naming it alone. Errors: 42704, 42P20.
 */
export function inheritWindow(
  window: WindowSpecification,
  definitions: ReadonlyMap<string, WindowSpecification>,
  span: Span,
): WindowSpecification {
  if (window.base === null) return window;
  const name = window.base;
  const definition = definitions.get(name);
  if (definition === undefined) {
    throw new LumaError(SQLSTATE.undefinedObject, `window "${name}" does not exist`, {
      span,
      hint: didYouMean(name, definitions.keys()),
    });
  }
  const alone = window.partitionBy.length === 0 && window.orderBy.length === 0 && window.frame === null;
  if (alone) return definition;
  const refuse = (what: string): LumaError => new LumaError(SQLSTATE.windowingError, what, { span });
  if (window.partitionBy.length > 0) throw refuse(`cannot override PARTITION BY clause of window "${name}"`);
  if (window.orderBy.length > 0 && definition.orderBy.length > 0) {
    throw refuse(`cannot override ORDER BY clause of window "${name}"`);
  }
  if (definition.frame !== null) throw refuse(`cannot copy window "${name}" because it has a frame clause`);
  return {
    base: null,
    partitionBy: definition.partitionBy,
    orderBy: window.orderBy.length > 0 ? window.orderBy : definition.orderBy,
    frame: window.frame,
  };
}

/** The WINDOW clause, each definition with its base resolved; a base must come before. */
export function windowDefinitions(
  windows: readonly { readonly name: string; readonly specification: WindowSpecification }[],
  span: Span,
): ReadonlyMap<string, WindowSpecification> {
  const definitions = new Map<string, WindowSpecification>();
  for (const { name, specification } of windows) {
    if (definitions.has(name)) {
      throw new LumaError(SQLSTATE.windowingError, `window "${name}" is already defined`, { span });
    }
    definitions.set(name, inheritWindow(specification, definitions, span));
  }
  return definitions;
}
