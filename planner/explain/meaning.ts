import type { LogicalPlan, LogicalQuery } from '../logical/plan.ts';
import { conjunction, itemsText, sortKeysText, tableText } from './details.ts';
import { aggregateText, type ColumnText, expressionText, windowCallText } from './expression.ts';
import { logicalLabels } from './logical.ts';
import { seriesText } from './series.ts';

/**
 * What the query was understood to say, before any rewriting, in one line that is the same for all languages: where the
 * rows come from, then step by step what happens to them.
 */
export function meaningOf(query: LogicalQuery): string {
  const columnText = logicalLabels(query.plan);
  return `from ${phrase(query.plan, columnText)} | give ${query.output.map((column) => column.name).join(', ')}`;
}

function phrase(plan: LogicalPlan, columnText: ColumnText): string {
  const text = (expression: Parameters<typeof expressionText>[0]) => expressionText(expression, columnText);
  const of = (input: LogicalPlan) => phrase(input, columnText);
  const nested = (input: LogicalPlan) => {
    const said = of(input);
    return said.includes(' ') ? `(${said})` : said;
  };
  switch (plan.kind) {
    case 'scan':
      return tableText(plan.table.name, plan.alias);
    case 'one_row':
      return 'nothing';
    case 'empty':
      return 'no rows';
    case 'values':
      return `${plan.rows.length} given rows`;
    case 'filter':
      return `${of(plan.input)} | where ${conjunction(plan.predicates, columnText)}`;
    case 'project':
      return `${of(plan.input)} | select ${itemsText(plan.items, columnText)}`;
    case 'aggregate': {
      const keys = itemsText(plan.keys, columnText);
      const calls = plan.aggregates.map((call) => aggregateText(call, columnText)).join(', ');
      const parts = [keys === '' ? '' : `group by ${keys}`, calls === '' ? '' : `compute ${calls}`];
      return `${of(plan.input)} | ${parts.filter((part) => part !== '').join(' ')}`;
    }
    case 'join':
    case 'apply': {
      const type = plan.type === 'inner' ? '' : `${plan.type} `;
      const each = plan.kind === 'apply' ? 'for each row ' : '';
      const on = plan.predicates.length === 0 ? '' : ` on ${conjunction(plan.predicates, columnText)}`;
      const mark = plan.mark === null ? '' : ` as ${columnText(plan.mark)}`;
      return `${of(plan.left)} | ${each}${type}join ${nested(plan.right)}${on}${mark}`;
    }
    case 'sort':
      return `${of(plan.input)} | order by ${sortKeysText(plan.keys, columnText)}`;
    case 'limit': {
      const count = plan.count === null ? '' : ` take ${text(plan.count)}`;
      const offset = plan.offset === null ? '' : ` skip ${text(plan.offset)}`;
      return `${of(plan.input)} |${offset}${count}`;
    }
    case 'single_row':
      return `${of(plan.input)} | as one row`;
    case 'set_operation':
      return plan.inputs.map(nested).join(` ${plan.operator}${plan.all ? ' all' : ''} `);
    case 'window':
      return `${of(plan.input)} | window ${plan.calls.map((call) => windowCallText(call, columnText)).join(', ')}`;
    case 'shared':
      return `the same ${nested(plan.source.plan)}`;
    case 'table_function':
      return `${plan.function.name}(${plan.arguments.map(text).join(', ')})`;
    case 'series_scan': {
      const { start, end, step } = plan.series.grid;
      const grid = step === 0 ? `at ${start / 1000}` : `from ${start / 1000} to ${end / 1000} every ${step / 1000} s`;
      return `series ${seriesText(plan.series)} ${grid}`;
    }
  }
}
