import type { RangeInput, SampleTime, SeriesPlan, SeriesSource } from '../series-plan.ts';

const INFIX: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  power: '^',
  equal: '==',
  not_equal: '!=',
  less: '<',
  less_equal: '<=',
  greater: '>',
  greater_equal: '>=',
};

/** A series plan in PromQL's manner; what selects its samples stands in the relations below it. */
export function seriesText<R>(plan: SeriesPlan<R>): string {
  switch (plan.kind) {
    case 'series_number':
      return String(plan.value);
    case 'series_string':
      return JSON.stringify(plan.value);
    case 'series_select':
      return `${metrics(plan.sources)}${timeText(plan.sampleTime)}`;
    case 'series_raw':
      return rangeText(plan.input);
    case 'series_window':
      return `${plan.function}(${[...plan.parameters.map(seriesText), rangeText(plan.input)].join(', ')})`;
    case 'series_map':
      return `${plan.function}(${plan.arguments.map(seriesText).join(', ')})`;
    case 'series_negation':
      return `-(${seriesText(plan.operand)})`;
    case 'series_aggregate': {
      const { type, labels } = plan.grouping;
      const grouping = type === 'by' && labels.length === 0 ? '' : ` ${type} (${labels.join(', ')})`;
      const inside = plan.parameter === null ? [plan.operand] : [plan.parameter, plan.operand];
      return `${plan.operator}${grouping} (${inside.map(seriesText).join(', ')})`;
    }
    case 'series_binary': {
      const bool = plan.returnBool ? ' bool' : '';
      return `(${seriesText(plan.left)} ${INFIX[plan.operator] ?? plan.operator}${bool} ${seriesText(plan.right)})`;
    }
  }
}

function rangeText<R>(input: RangeInput<R>): string {
  const range = `[${duration(input.range)}${input.type === 'subquery' ? ':' : ''}]`;
  const what = input.type === 'subquery' ? `(${seriesText(input.plan)})` : metrics(input.sources);
  return `${what}${range}${timeText(input.sampleTime)}`;
}

function metrics<R>(sources: readonly SeriesSource<R>[]): string {
  const names = [...new Set(sources.map((source) => source.metric))];
  return names.length === 1 ? (names[0] ?? '') : `{${names.join('|')}}`;
}

function timeText({ at, offset }: SampleTime): string {
  return `${offset === 0 ? '' : ` offset ${duration(offset)}`}${at === null ? '' : ` @ ${at / 1000}`}`;
}

function duration(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ];
  const [unit, size] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
