import { pushComparison } from '../../../exec/expression/compare.ts';
import type { EmitContext, Value } from '../../definition.ts';
import { emitLower } from '../text/basic.ts';

/** The names of PostgreSQL's date and time fields (datetime.c, datetktbl and deltatktbl), by the one that stands for it. */
const NAMES: Readonly<Record<string, string>> = {
  microseconds: 'microseconds microsecond us usec usecs',
  milliseconds: 'milliseconds millisecond ms msec msecs',
  second: 'second seconds s sec secs',
  minute: 'minute minutes m min mins',
  hour: 'hour hours h hr hrs',
  day: 'day days d',
  week: 'week weeks w',
  month: 'month months mon mons',
  quarter: 'quarter quarters qtr',
  year: 'year years y yr yrs',
  decade: 'decade decades dec decs',
  century: 'century centuries c cent',
  millennium: 'millennium millennia mil mils',
  dow: 'dow',
  isodow: 'isodow',
  doy: 'doy',
  isoyear: 'isoyear',
  epoch: 'epoch',
  julian: 'julian',
};

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.split(' ').map((name): [string, string] => [name, field])),
);

/**
 * Emits the code of the field that the text argument names: directly when it is a constant, as a choice among all
 * otherwise. Raises 22023 for a field that `fields` does not have.
 */
export function emitByField<F>(
  context: EmitContext,
  name: Value,
  fields: ReadonlyMap<string, F>,
  what: string,
  emit: (field: F) => Value,
  assign: (value: Value) => void,
): void {
  const { f } = context;
  const unknown = (): void => context.raise('22023', `unit "%" not supported for type ${what}`, name);
  const constant = context.constantOf(0);
  if (typeof constant === 'string') {
    const field = fields.get(BY_NAME.get(constant.toLowerCase().trim()) ?? '');
    if (field === undefined) unknown();
    else assign(emit(field));
    return;
  }
  const lower = emitLower(context, name);
  f.block((end) => {
    for (const [word, canonical] of BY_NAME) {
      const field = fields.get(canonical);
      if (field === undefined) continue;
      pushComparison(context, 'equal', lower, context.textConstant(word));
      f.ifThen(() => {
        assign(emit(field));
        f.br(end);
      });
    }
    unknown();
  });
}
