import type { ILookaheadStrategy, IOrAlt, IProduction, IToken, Rule, TokenType } from 'chevrotain';
import {
  Alternation,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
} from '../../chevrotain.ts';

/*
 * One token of lookahead, ordered alternatives, gates where one token is not enough. Chevrotain's own strategy computes
 * every decision when the parser is made; this one answers for a token type when it first comes up, which keeps process
 * start short, and can tell what would have been accepted at a token.
 */

/** What decisions at `token` would have accepted, collected while it is set. */
export interface Trace {
  readonly token: IToken;
  readonly expected: Set<string>;
}

/** What a decision function sees of its parser. */
interface TokenSource {
  LA(howMuch: number): IToken;
}

type Productions = readonly IProduction[];

export class OrderedLookahead implements ILookaheadStrategy {
  trace: Trace | null = null;
  private readonly starters = new Map<Rule, Map<number, boolean>>();
  private readonly names: Readonly<Record<string, string>>;

  /** `names`: what to call the start of a rule instead of listing its first tokens. */
  constructor(names: Readonly<Record<string, string>>) {
    this.names = names;
  }

  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation(options: { readonly prodOccurrence: number; readonly rule: Rule }) {
    const { rule, prodOccurrence } = options;
    const strategy = this;
    let alternatives: readonly Productions[] | undefined;
    /** By token type, the alternatives that may start with it, then those that may be empty. */
    const choices = new Map<number, readonly number[]>();
    return function decide(this: TokenSource, gated?: readonly Pick<IOrAlt<unknown>, 'GATE'>[]): number | undefined {
      alternatives ??= strategy.alternatives(rule, prodOccurrence);
      const type = this.LA(1).tokenTypeIdx;
      let candidates = choices.get(type);
      if (candidates === undefined) {
        candidates = strategy.candidates(alternatives, type);
        choices.set(type, candidates);
      }
      const open = (position: number): boolean => gated?.[position]?.GATE?.call(this) ?? true;
      if (strategy.trace !== null) {
        strategy.expect(
          this,
          rule,
          prodOccurrence,
          alternatives.filter((_, position) => open(position)),
        );
      }
      return candidates.find(open);
    };
  }

  buildLookaheadForOptional(options: { readonly prodOccurrence: number; readonly prodType: string; readonly rule: Rule }) {
    const { rule, prodType, prodOccurrence } = options;
    const strategy = this;
    let inside: Productions | undefined;
    const choices = new Map<number, boolean>();
    return function decide(this: TokenSource): boolean {
      inside ??= contents(find(rule.definition, (each) => isOptional(each, prodType, prodOccurrence)));
      const type = this.LA(1).tokenTypeIdx;
      let taken = choices.get(type);
      if (taken === undefined) {
        taken = strategy.starts(inside, type);
        choices.set(type, taken);
      }
      if (strategy.trace !== null) strategy.expect(this, rule, -1, [inside]);
      return taken;
    };
  }

  private alternatives(rule: Rule, occurrence: number): readonly Productions[] {
    const found = find(rule.definition, (each) => each instanceof Alternation && each.idx === occurrence);
    return contents(found).map(contents);
  }

  private candidates(alternatives: readonly Productions[], type: number): readonly number[] {
    const positions = alternatives.map((_, position) => position);
    const starting = positions.filter((position) => this.starts(alternatives[position] ?? [], type));
    const empty = positions.filter((position) => !starting.includes(position) && nullable(alternatives[position] ?? []));
    return [...starting, ...empty];
  }

  /** Whether the sequence may start with a token of the type. */
  private starts(productions: Productions, type: number): boolean {
    for (const production of productions) {
      if (this.productionStarts(production, type)) return true;
      if (!isNullable(production)) return false;
    }
    return false;
  }

  private productionStarts(production: IProduction, type: number): boolean {
    if (production instanceof Terminal) {
      const { tokenTypeIdx, categoryMatchesMap } = production.terminalType;
      return tokenTypeIdx === type || categoryMatchesMap?.[type] === true;
    }
    if (production instanceof NonTerminal) return this.ruleStarts(production.referencedRule, type);
    if (production instanceof Alternation) return production.definition.some((each) => this.starts(contents(each), type));
    return this.starts(contents(production), type);
  }

  private ruleStarts(rule: Rule, type: number): boolean {
    const known = this.starters.get(rule) ?? new Map<number, boolean>();
    this.starters.set(rule, known);
    let answer = known.get(type);
    if (answer === undefined) {
      answer = this.starts(rule.definition, type);
      known.set(type, answer);
    }
    return answer;
  }

  /** Adds to the trace what was possible; at the start of a named rule, its name. */
  private expect(source: TokenSource, rule: Rule, alternation: number, alternatives: readonly Productions[]): void {
    if (this.trace === null || source.LA(1) !== this.trace.token) return;
    const [start] = rule.definition;
    const name = start instanceof Alternation && start.idx === alternation ? this.names[rule.name] : undefined;
    if (name !== undefined) this.trace.expected.add(name);
    else for (const alternative of alternatives) this.collect(alternative, this.trace.expected);
  }

  /** Adds the labels of the tokens that may come first. */
  private collect(productions: Productions, labels: Set<string>): void {
    for (const production of productions) {
      if (production instanceof Terminal) labels.add(labelOf(production.terminalType));
      else if (production instanceof NonTerminal) {
        const name = this.names[production.nonTerminalName];
        if (name === undefined) this.collect(production.referencedRule.definition, labels);
        else labels.add(name);
      } else if (production instanceof Alternation) {
        for (const alternative of production.definition) this.collect(contents(alternative), labels);
      } else this.collect(contents(production), labels);
      if (!isNullable(production)) return;
    }
  }
}

export function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}

/** What a production of this rule is made of; another rule's productions are not. */
function contents(production: IProduction | undefined): Productions {
  if (production === undefined || production instanceof NonTerminal || !('definition' in production)) return [];
  return production.definition as Productions;
}

function nullable(productions: Productions): boolean {
  return productions.every(isNullable);
}

function isNullable(production: IProduction): boolean {
  if (production instanceof Terminal) return false;
  if (production instanceof NonTerminal) return nullable(production.referencedRule.definition);
  if (production instanceof Alternation) return production.definition.some((alternative) => nullable(contents(alternative)));
  const mandatory = production instanceof RepetitionMandatory || production instanceof RepetitionMandatoryWithSeparator;
  return !mandatory || nullable(contents(production));
}

/** The first production inside a rule, however deep, that `test` accepts. */
function find(productions: Productions, test: (production: IProduction) => boolean): IProduction | undefined {
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
  if (constructor_ === undefined) return false;
  return production instanceof constructor_ && production.idx === occurrence;
}
