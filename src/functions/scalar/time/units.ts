import { pushComparison } from '../../../exec/expression/compare.ts';
import { assign } from '../../../exec/expression/values.ts';
import type { EmitContext, Emitter, Value } from '../../definition.ts';
import { argument } from '../emitters.ts';
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

/** Code of one field over the second argument. */
export type FieldCode = (context: EmitContext, moment: Value) => Value;

/**
 * The emitter of a function whose first argument names a field: the field's code directly when the name is a constant, as
 * a choice among all otherwise. Raises 22023 for a field that `fields` does not have; `what` is the type it is asked of.
 */
export function byField(fields: ReadonlyMap<string, FieldCode>, what: string): Emitter {
  return (context, arguments_, returns) => {
    const { f } = context;
    const [name, moment] = [argument(arguments_, 0), argument(arguments_, 1)];
    const result = context.newValue(returns);
    const emit = (field: FieldCode): void => assign(f, result, field(context, moment));
    const unknown = (): void => context.raise('22023', `unit "%" not supported for type ${what}`, name);
    const constant = context.constantOf(0);
    if (typeof constant === 'string') {
      const field = fields.get(BY_NAME.get(constant.toLowerCase().trim()) ?? '');
      if (field === undefined) unknown();
      else emit(field);
      return result;
    }
    const lower = emitLower(context, name);
    f.block((end) => {
      for (const [word, canonical] of BY_NAME) {
        const field = fields.get(canonical);
        if (field === undefined) continue;
        pushComparison(context, 'equal', lower, context.textConstant(word));
        f.ifThen(() => {
          emit(field);
          f.br(end);
        });
      }
      unknown();
    });
    return result;
  };
}
