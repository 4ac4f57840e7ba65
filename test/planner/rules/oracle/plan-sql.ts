import { expressionText, type sortKeyText, windowCallText } from '../../../../planner/explain/expression.ts';
import type { AggregateCall, BoundExpression, Column, NamedExpression } from '../../../../planner/expression.ts';
import type { Apply, Join, LogicalPlan } from '../../../../planner/logical/plan.ts';
import { typeName } from '../../../../src/types/data-type.ts';

/**
 * A logical plan as SQL that DuckDB runs: an operator is a subquery, a column `c<id>`, a dependent join LATERAL or a
 * correlated subquery. Column lists are never empty: `_` stands in.
 */
export function planSql(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'scan': {
      const items = plan.columns.map((column, at) => `${plan.table.columns[plan.positions[at] ?? -1]?.name} AS c${column.id}`);
      return `SELECT ${list(items)} FROM ${plan.table.name}`;
    }
    case 'one_row':
      return 'SELECT 1 AS _';
    case 'empty':
      return `SELECT ${list(plan.columns.map((column) => `CAST(NULL AS ${type(column)}) AS c${column.id}`))} WHERE false`;
    case 'values': {
      const rows = plan.rows.map((row) => `SELECT ${list(row.map((each, at) => `${text(each)} AS c${plan.columns[at]?.id}`))}`);
      return rows.join(' UNION ALL ');
    }
    case 'filter':
      return `SELECT * FROM ${from(plan.input)} WHERE ${all(plan.predicates)}`;
    case 'project':
      return `SELECT ${list(plan.items.map(named))} FROM ${from(plan.input)}`;
    case 'aggregate': {
      const items = [...plan.keys.map(named), ...plan.aggregates.map((call) => `${aggregate(call)} AS c${call.output.id}`)];
      const keys = plan.keys.map((_, at) => at + 1);
      const group = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
      // Without calls nothing tells DuckDB that this is an aggregate.
      return `SELECT ${items.length === 0 ? 'count(*) AS _' : list(items)} FROM ${from(plan.input)}${group}`;
    }
    case 'join':
    case 'apply':
      return joinSql(plan);
    case 'sort':
      return `SELECT * FROM ${from(plan.input)} ORDER BY ${plan.keys.map((key) => sortKey(key)).join(', ')}`;
    case 'limit': {
      const count = plan.count === null ? '' : ` LIMIT ${text(plan.count)}`;
      const offset = plan.offset === null ? '' : ` OFFSET ${text(plan.offset)}`;
      return `SELECT * FROM ${from(plan.input)}${count}${offset}`;
    }
    case 'single_row':
      return `SELECT ${list(plan.columns.map((column) => `(SELECT c${column.id} FROM ${from(plan.input)}) AS c${column.id}`))}`;
    case 'set_operation': {
      const inputs = plan.inputs.map((input) => {
        const items = plan.columns.map((column, at) => `c${input.columns[at]?.id} AS c${column.id}`);
        return `(SELECT ${list(items)} FROM ${from(input)})`;
      });
      return inputs.join(` ${plan.operator.toUpperCase()} ${plan.all ? 'ALL' : ''} `);
    }
    case 'window': {
      const partition = plan.partitionBy.length === 0 ? '' : `PARTITION BY ${plan.partitionBy.map(text).join(', ')} `;
      const order = plan.orderBy.length === 0 ? '' : `ORDER BY ${plan.orderBy.map(sortKey).join(', ')} `;
      const calls = plan.calls.map((call) => {
        const written = windowCallText(call, byId);
        const frame = written.search(/ (ROWS|RANGE|GROUPS) BETWEEN/);
        return `${written.slice(0, frame)} OVER (${partition}${order}${written.slice(frame)}) AS c${call.output.id}`;
      });
      return `SELECT ${list([...delivered(plan.input), ...calls])} FROM ${from(plan.input)}`;
    }
    case 'table_function':
      return `SELECT ${plan.function.name} AS c${plan.columns[0]?.id} FROM ${plan.function.name}(${plan.arguments.map(text).join(', ')})`;
    case 'shared': {
      const sources = plan.source.plan.columns;
      const items = plan.columns.map((column, at) => `c${sources[plan.positions[at] ?? -1]?.id} AS c${column.id}`);
      return `SELECT ${list(items)} FROM ${from(plan.source.plan)}`;
    }
    case 'series_scan':
      throw new Error('DuckDB has no series');
  }
}

function joinSql(plan: Join | Apply): string {
  const lateral = plan.kind === 'apply' ? 'LATERAL ' : '';
  const left = `(${planSql(plan.left)}) AS l`;
  const right = `(${planSql(plan.right)}) AS r`;
  const on = all(plan.predicates);
  const exists = plan.nullAware ? comparedToAny(plan, right) : `EXISTS (SELECT 1 FROM ${right} WHERE ${on})`;
  switch (plan.type) {
    case 'inner':
      return `SELECT ${list([...delivered(plan.left), ...delivered(plan.right)])} FROM ${left}, ${lateral}${right} WHERE ${on}`;
    case 'single': {
      const values = plan.right.columns.map((column) => `(SELECT c${column.id} FROM ${right} WHERE ${on}) AS c${column.id}`);
      return `SELECT ${list([...delivered(plan.left), ...values])} FROM ${left}`;
    }
    case 'left':
    case 'full': {
      const items = list([...delivered(plan.left), ...delivered(plan.right)]);
      return `SELECT ${items} FROM ${left} ${plan.type === 'full' ? 'FULL' : 'LEFT'} JOIN ${lateral}${right} ON ${on}`;
    }
    case 'semi':
      return `SELECT ${list(delivered(plan.left))} FROM ${left} WHERE ${exists}`;
    case 'anti':
      return `SELECT ${list(delivered(plan.left))} FROM ${left} WHERE NOT ${exists}`;
    case 'mark':
      return `SELECT ${list([...delivered(plan.left), `${exists} AS c${plan.mark?.id}`])} FROM ${left}`;
  }
}

/** `comparison = ANY (rows that meet the other predicates)` by definition: true if any is, else NULL if any is. */
function comparedToAny(plan: Join | Apply, right: string): string {
  const [comparison, ...rest] = plan.predicates;
  const compared = comparison === undefined ? 'true' : text(comparison);
  return `(SELECT CASE WHEN coalesce(bool_or(${compared}), false) THEN true
    WHEN coalesce(bool_or((${compared}) IS NULL), false) THEN NULL ELSE false END FROM ${right} WHERE ${all(rest)})`;
}

function aggregate(call: AggregateCall): string {
  const arguments_ = call.arguments.map(text);
  if (call.function.name === 'single_value') {
    return `CASE WHEN count(*) > 1 THEN error('more than one row') ELSE any_value(${arguments_.join(', ')}) END`;
  }
  const order = call.orderBy.length === 0 ? '' : ` ORDER BY ${call.orderBy.map(sortKey).join(', ')}`;
  const filter = call.filter === null ? '' : ` FILTER (WHERE ${text(call.filter)})`;
  return `${call.function.name}(${call.distinct ? 'DISTINCT ' : ''}${arguments_.join(', ') || '*'}${order})${filter}`;
}

function from(plan: LogicalPlan): string {
  return `(${planSql(plan)}) AS t`;
}

function delivered(plan: LogicalPlan): readonly string[] {
  return plan.columns.map((column) => `c${column.id}`);
}

function named({ output, expression }: NamedExpression): string {
  return `${text(expression)} AS c${output.id}`;
}

function all(predicates: readonly BoundExpression[]): string {
  return predicates.length === 0 ? 'true' : predicates.map((each) => `(${text(each)})`).join(' AND ');
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '1 AS _' : items.join(', ');
}

function byId(column: { readonly id: number }): string {
  return `c${column.id}`;
}

function text(expression: BoundExpression): string {
  return expressionText(expression, byId);
}

/** With the order of NULLs spelled out: DuckDB's default is not PostgreSQL's. */
function sortKey(key: Parameters<typeof sortKeyText>[0]): string {
  return `${text(key.expression)} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nulls.toUpperCase()}`;
}

function type(column: Column): string {
  return column.type.kind === 'null' ? 'INTEGER' : typeName(column.type);
}
