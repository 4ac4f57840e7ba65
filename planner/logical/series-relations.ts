import type { RangeInput, SeriesPlan, SeriesSource } from '../series-plan.ts';

/** The relations that feed a series plan, in the order `mapRelations` visits them. */
export function relationsOf<R>(plan: SeriesPlan<R>): readonly R[] {
  const relations: R[] = [];
  mapRelations(plan, (relation) => {
    relations.push(relation);
    return relation;
  });
  return relations;
}

/** The same series plan over other relations. */
export function mapRelations<From, To>(plan: SeriesPlan<From>, map: (relation: From) => To): SeriesPlan<To> {
  return mapSources(plan, (source) => ({ ...source, relation: map(source.relation) }));
}

/** The same series plan over other sources. */
export function mapSources<From, To>(
  plan: SeriesPlan<From>,
  map: (source: SeriesSource<From>) => SeriesSource<To>,
): SeriesPlan<To> {
  switch (plan.kind) {
    case 'series_number':
    case 'series_string':
      return plan;
    case 'series_select':
      return { ...plan, sources: plan.sources.map(map) };
    case 'series_raw':
      return { ...plan, input: mapRange(plan.input, map) };
    case 'series_window':
      return { ...plan, input: mapRange(plan.input, map), parameters: plan.parameters.map((each) => mapSources(each, map)) };
    case 'series_map':
      return { ...plan, arguments: plan.arguments.map((each) => mapSources(each, map)) };
    case 'series_negation':
      return { ...plan, operand: mapSources(plan.operand, map) };
    case 'series_aggregate':
      return {
        ...plan,
        parameter: plan.parameter === null ? null : mapSources(plan.parameter, map),
        operand: mapSources(plan.operand, map),
      };
    case 'series_binary':
      return { ...plan, left: mapSources(plan.left, map), right: mapSources(plan.right, map) };
  }
}

/** Every source of a series plan, in the same order. */
export function sourcesOf<R>(plan: SeriesPlan<R>): readonly SeriesSource<R>[] {
  switch (plan.kind) {
    case 'series_number':
    case 'series_string':
      return [];
    case 'series_select':
      return plan.sources;
    case 'series_raw':
      return rangeSources(plan.input);
    case 'series_window':
      return [...rangeSources(plan.input), ...plan.parameters.flatMap(sourcesOf)];
    case 'series_map':
      return plan.arguments.flatMap(sourcesOf);
    case 'series_negation':
      return sourcesOf(plan.operand);
    case 'series_aggregate':
      return [...(plan.parameter === null ? [] : sourcesOf(plan.parameter)), ...sourcesOf(plan.operand)];
    case 'series_binary':
      return [...sourcesOf(plan.left), ...sourcesOf(plan.right)];
  }
}

function rangeSources<R>(input: RangeInput<R>): readonly SeriesSource<R>[] {
  return input.type === 'samples' ? input.sources : sourcesOf(input.plan);
}

function mapRange<From, To>(input: RangeInput<From>, map: (source: SeriesSource<From>) => SeriesSource<To>): RangeInput<To> {
  if (input.type === 'subquery') return { ...input, plan: mapSources(input.plan, map) };
  return { ...input, sources: input.sources.map(map) };
}
