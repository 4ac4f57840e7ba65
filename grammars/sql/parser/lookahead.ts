import {
  Alternation,
  Alternative,
  type ILookaheadStrategy,
  type IOrAlt,
  type IProduction,
  type IToken,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';

/*
 * One token of lookahead, ordered alternatives, gates where one token is not enough. Chevrotain's own strategy computes
 * every decision when the parser is made; this one computes a decision when it is first taken, which keeps process
 * start short, and can tell what would have been accepted at a token.
 */

/** The first tokens of something, with the words a person would use for them. */
interface First {
  readonly types: ReadonlySet<number>;
  readonly expected: ReadonlySet<string>;
  readonly nullable: boolean;
}

/** What decisions at `token` would have accepted, collected while it is set. */
export interface Trace {
  readonly token: IToken;
  readonly expected: Set<string>;
}

/** What a decision function sees of its parser. */
interface TokenSource {
  LA(howMuch: number): IToken;
}

export class OrderedLookahead implements ILookaheadStrategy {
  trace: Trace | null = null;
  private readonly firsts = new Map<Rule, First>();
  private readonly names: Readonly<Record<string, string>>;

  /** `names`: what to call the start of a rule instead of listing its first tokens. */
  constructor(names: Readonly<Record<string, string>>) {
    this.names = names;
  }

  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation(options: { readonly prodOccurrence: number; readonly rule: Rule }) {
    let firsts: readonly First[] | undefined;
    let table = new Map<number, number[]>();
    /** Alternatives that may be empty are taken when no other fits. */
    let empty: readonly number[] = [];
    const strategy = this;
    // Chevrotain's type of a gated alternative needs `any`; only the gate is used here.
    return function decide(this: TokenSource, alternatives?: readonly Pick<IOrAlt<unknown>, 'GATE'>[]): number | undefined {
      if (firsts === undefined) {
        firsts = strategy.alternatives(options.rule, options.prodOccurrence);
        table = dispatchTable(firsts);
        empty = firsts.flatMap((first, position) => (first.nullable ? [position] : []));
      }
      const open = (position: number): boolean => alternatives?.[position]?.GATE?.call(this) ?? true;
      if (strategy.trace !== null)
        strategy.expect(
          this,
          options.rule,
          options.prodOccurrence,
          firsts.filter((_, i) => open(i)),
        );
      return table.get(this.LA(1).tokenTypeIdx)?.find(open) ?? empty.find(open);
    };
  }

  buildLookaheadForOptional(options: { readonly prodOccurrence: number; readonly prodType: string; readonly rule: Rule }) {
    let first: First | undefined;
    const strategy = this;
    return function decide(this: TokenSource): boolean {
      if (first === undefined) {
        const found = find(options.rule.definition, (each) => isOptional(each, options.prodType, options.prodOccurrence));
        first = strategy.sequence(found === undefined ? [] : contents(found));
      }
      if (strategy.trace !== null) strategy.expect(this, options.rule, -1, [first]);
      return first.types.has(this.LA(1).tokenTypeIdx);
    };
  }

  private alternatives(rule: Rule, occurrence: number): readonly First[] {
    const found = find(rule.definition, (each) => each instanceof Alternation && each.idx === occurrence);
    return (found === undefined ? [] : contents(found)).map((alternative) => this.sequence(contents(alternative)));
  }

  /** Adds to the trace what was possible; at the start of a named rule, its name. */
  private expect(source: TokenSource, rule: Rule, alternation: number, firsts: readonly First[]): void {
    if (this.trace === null || source.LA(1) !== this.trace.token) return;
    const [start] = rule.definition;
    const name = start instanceof Alternation && start.idx === alternation ? this.names[rule.name] : undefined;
    if (name !== undefined) this.trace.expected.add(name);
    else for (const first of firsts) for (const each of first.expected) this.trace.expected.add(each);
  }

  private sequence(productions: readonly IProduction[]): First {
    const types = new Set<number>();
    const expected = new Set<string>();
    for (const production of productions) {
      const first = this.production(production);
      for (const type of first.types) types.add(type);
      for (const each of first.expected) expected.add(each);
      if (!first.nullable) return { types, expected, nullable: false };
    }
    return { types, expected, nullable: true };
  }

  private production(production: IProduction): First {
    if (production instanceof Terminal) {
      const { terminalType } = production;
      const types = new Set([terminalType.tokenTypeIdx ?? 0, ...(terminalType.categoryMatches ?? [])]);
      return { types, expected: new Set([labelOf(terminalType)]), nullable: false };
    }
    if (production instanceof NonTerminal) return this.rule(production.referencedRule);
    if (production instanceof Alternation) {
      const firsts = production.definition.map((alternative) => this.sequence(contents(alternative)));
      return {
        types: new Set(firsts.flatMap((first) => [...first.types])),
        expected: new Set(firsts.flatMap((first) => [...first.expected])),
        nullable: firsts.some((first) => first.nullable),
      };
    }
    const inside = this.sequence(contents(production));
    const mandatory = production instanceof RepetitionMandatory || production instanceof RepetitionMandatoryWithSeparator;
    return mandatory ? inside : { ...inside, nullable: true };
  }

  private rule(rule: Rule): First {
    let first = this.firsts.get(rule);
    if (first === undefined) {
      first = this.sequence(rule.definition);
      const name = this.names[rule.name];
      if (name !== undefined) first = { ...first, expected: new Set([name]) };
      this.firsts.set(rule, first);
    }
    return first;
  }
}

export function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}

function dispatchTable(firsts: readonly First[]): Map<number, number[]> {
  const table = new Map<number, number[]>();
  firsts.forEach((first, position) => {
    for (const type of first.types) {
      const candidates = table.get(type);
      if (candidates === undefined) table.set(type, [position]);
      else candidates.push(position);
    }
  });
  return table;
}

/** What a production of this rule is made of; another rule's productions are not. */
function contents(production: IProduction): readonly IProduction[] {
  if (production instanceof NonTerminal || !('definition' in production)) return [];
  return production.definition as readonly IProduction[];
}

/** The first production inside a rule, however deep, that `test` accepts. */
function find(productions: readonly IProduction[], test: (production: IProduction) => boolean): IProduction | undefined {
  for (const production of productions) {
    if (test(production)) return production;
    const inside = find(contents(production), test);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const OPTIONALS: Readonly<Record<string, abstract new (...options: never[]) => { readonly idx: number }>> = {
  Option,
  Repetition,
  RepetitionWithSeparator,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
};

function isOptional(production: IProduction, type: string, occurrence: number): boolean {
  const constructor_ = OPTIONALS[type];
  if (constructor_ === undefined || production instanceof Alternative) return false;
  return production instanceof constructor_ && production.idx === occurrence;
}
