import type { EmitContext, Value } from '../../../functions/definition.ts';
import { type DataType, TEXT, typeName, UNIT_DIGITS } from '../../../types/data-type.ts';
import { notSupported, SQLSTATE } from '../../../types/error.ts';
import type { Local, ValType } from '../../../wasm/function-builder.ts';
import { INVALID } from '../../runtime/js/conversion.ts';
import { importedRoutine, type Routine } from '../../runtime/routine.ts';
import { callText, pushParts, readerRoutine, textRoutine } from '../../runtime/text.ts';
import { scaleOf } from '../decimal.ts';
import { newValue, only, part, pushInt64, widen } from '../values.ts';
import { fromPair } from './numeric.ts';

/** Casts to and from text: PostgreSQL's input and output functions, in JavaScript (`src/exec/runtime/js`). */

const FORMAT = {
  int: importedRoutine('format_int', ['i64'], ['i32']),
  float: importedRoutine('format_float', ['f64'], ['i32']),
  decimal: importedRoutine('format_decimal', ['i64', 'i64', 'i32'], ['i32']),
  date: importedRoutine('format_date', ['i32'], ['i32']),
  timestamp: importedRoutine('format_timestamp', ['i64', 'i32', 'i32'], ['i32']),
  interval: textRoutine('format_interval', ['i32', 'i32', 'i64']),
};

export function castToText(context: EmitContext, value: Value): Value {
  const { f } = context;
  const { type } = value;
  switch (type.kind) {
    case 'boolean': {
      const result = newValue(f, TEXT);
      const yes = context.textConstant('true');
      const no = context.textConstant('false');
      for (const i of [0, 1]) f.get(part(yes, i)).get(part(no, i)).get(only(value)).select().set(part(result, i));
      return result;
    }
    case 'int32':
    case 'int64':
      pushInt64(f, value);
      return callText(context, FORMAT.int);
    case 'float64':
      f.get(only(value));
      return callText(context, FORMAT.float);
    case 'decimal': {
      const [low, high] = widen(f, value);
      f.get(low).get(high).i32(scaleOf(type));
      return callText(context, FORMAT.decimal);
    }
    case 'date':
      f.get(only(value));
      return callText(context, FORMAT.date);
    case 'timestamp':
      f.get(only(value))
        .i32(UNIT_DIGITS[type.unit])
        .i32(type.zoned ? 1 : 0);
      return callText(context, FORMAT.timestamp);
    case 'interval':
      pushParts(context, [value]);
      return callText(context, FORMAT.interval);
    case 'text':
    case 'null':
      return value;
  }
}

interface Reader {
  readonly routine: Routine;
  /** SQLSTATE of texts that cannot be read. */
  readonly invalid: string;
}

function reader(name: string, params: readonly (ValType | 'text')[], results: readonly ValType[], invalid: string): Reader {
  return { routine: readerRoutine(name, params, [...results, 'i32']), invalid };
}

const NUMBER = SQLSTATE.invalidTextRepresentation;
const TIME = SQLSTATE.invalidDatetimeFormat;

const PARSE = {
  boolean: reader('parse_boolean', ['text'], ['i32'], NUMBER),
  int: reader('parse_int', ['text'], ['i64'], NUMBER),
  float: reader('parse_float', ['text'], ['f64'], NUMBER),
  decimal: reader('parse_decimal', ['text', 'i32', 'i32'], ['i64', 'i64'], NUMBER),
  date: reader('parse_date', ['text'], ['i32'], TIME),
  timestamp: reader('parse_timestamp', ['text', 'i32', 'i32'], ['i64'], TIME),
  interval: reader('parse_interval', ['text'], ['i32', 'i32', 'i64'], TIME),
};

/** As PostgreSQL names the type in the message. */
function shown(type: DataType): string {
  if (type.kind === 'decimal') return 'numeric';
  if (type.kind === 'timestamp') return `timestamp${type.zoned ? ' with time zone' : ''}`;
  return typeName(type).toLowerCase();
}

/** Calls the reader with what is on the stack, raises its failures, and leaves its results in locals. */
function read(context: EmitContext, { routine, invalid }: Reader, text: Value, to: DataType): readonly Local[] {
  const { f } = context;
  const locals = routine.results.map((type) => f.local(type));
  context.call(routine);
  for (const local of [...locals].reverse()) f.set(local);
  const status = locals.at(-1);
  if (status === undefined) throw new RangeError('a reader has a status');
  f.get(status);
  f.ifThen(() => {
    f.get(status).i32(INVALID).op('i32.eq');
    f.ifThen(() => context.raise(invalid, `invalid input syntax for type ${shown(to)}: "%"`, text));
    raiseRange(context, text, to);
  });
  return locals.slice(0, -1);
}

function raiseRange(context: EmitContext, text: Value, to: DataType): void {
  if (to.kind === 'date' || to.kind === 'timestamp') {
    context.raise(SQLSTATE.datetimeFieldOverflow, 'date/time field value out of range: "%"', text);
  } else if (to.kind === 'interval') {
    context.raise('22015', 'interval field value out of range: "%"', text);
  } else if (to.kind === 'float64') {
    context.raise(SQLSTATE.numericValueOutOfRange, '"%" is out of range for type double precision', text);
  } else context.raise(SQLSTATE.numericValueOutOfRange, `value "%" is out of range for type ${shown(to)}`, text);
}

export function castFromText(context: EmitContext, text: Value, to: DataType): Value {
  const { f } = context;
  pushParts(context, [text]);
  switch (to.kind) {
    case 'boolean':
      return { type: to, locals: read(context, PARSE.boolean, text, to), isNull: null, bounds: null };
    case 'int32': {
      const [wide] = read(context, PARSE.int, text, to);
      if (wide === undefined) break;
      const result = newValue(f, to);
      f.get(wide).op('i32.wrap_i64').tee(only(result)).op('i64.extend_i32_s').get(wide).op('i64.ne');
      f.ifThen(() => raiseRange(context, text, to));
      return result;
    }
    case 'decimal': {
      f.i32(to.precision).i32(to.scale);
      const [low, high] = read(context, PARSE.decimal, text, to);
      if (low === undefined || high === undefined) break;
      f.get(low).get(high);
      return fromPair(context, to);
    }
    case 'timestamp':
      f.i32(UNIT_DIGITS[to.unit]).i32(to.zoned ? 1 : 0);
      return { type: to, locals: read(context, PARSE.timestamp, text, to), isNull: null, bounds: null };
    case 'int64':
      return { type: to, locals: read(context, PARSE.int, text, to), isNull: null, bounds: null };
    case 'float64':
      return { type: to, locals: read(context, PARSE.float, text, to), isNull: null, bounds: null };
    case 'date':
      return { type: to, locals: read(context, PARSE.date, text, to), isNull: null, bounds: null };
    case 'interval':
      return { type: to, locals: read(context, PARSE.interval, text, to), isNull: null, bounds: null };
    case 'text':
    case 'null':
      break;
  }
  throw notSupported(`a cast from text to ${typeName(to)}`);
}
