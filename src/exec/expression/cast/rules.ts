import { type DataType, sameType, UNIT_DIGITS } from '../../../types/data-type.ts';

type CastContext = 'implicit' | 'assignment' | 'explicit';

const NUMERIC_RANK = { int32: 0, int64: 1, decimal: 2, float64: 3 } as const;

function rank(type: DataType): number | undefined {
  return type.kind in NUMERIC_RANK ? NUMERIC_RANK[type.kind as keyof typeof NUMERIC_RANK] : undefined;
}

/** Which casts exist, and where they may happen unasked: PostgreSQL's pg_cast. */
export function castContext(from: DataType, to: DataType): CastContext | undefined {
  if (sameType(from, to) || from.kind === 'null') return 'implicit';
  const [source, target] = [rank(from), rank(to)];
  if (source !== undefined && target !== undefined) return source <= target ? 'implicit' : 'assignment';
  if (to.kind === 'text') return 'assignment';
  if (from.kind === 'text') return 'explicit';
  if (from.kind === 'boolean' && to.kind === 'int32') return 'explicit';
  if (from.kind === 'int32' && to.kind === 'boolean') return 'explicit';
  if (from.kind === 'date' && to.kind === 'timestamp') return 'implicit';
  if (from.kind === 'timestamp' && to.kind === 'date') return 'assignment';
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return from.zoned && !to.zoned ? 'assignment' : 'implicit';
  return undefined;
}

/** Whether every value can be cast. */
export function castNeverRaises(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'null' || to.kind === 'text') return true;
  switch (to.kind) {
    case 'int64':
      return from.kind === 'int32';
    case 'float64':
      return rank(from) !== undefined;
    case 'decimal':
      if (from.kind === 'decimal') return to.precision - to.scale > from.precision - from.scale && to.scale >= from.scale;
      return (from.kind === 'int32' && to.precision - to.scale >= 10) || (from.kind === 'int64' && to.precision - to.scale >= 19);
    case 'boolean':
    case 'int32':
      return from.kind === 'boolean' || (from.kind === 'int32' && to.kind === 'boolean');
    case 'timestamp':
      return from.kind === 'timestamp' && UNIT_DIGITS[from.unit] >= UNIT_DIGITS[to.unit];
    case 'date':
      return from.kind === 'timestamp' && from.unit !== 's' && from.unit !== 'ms';
    default:
      return false;
  }
}
