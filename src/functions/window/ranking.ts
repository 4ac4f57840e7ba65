import { type DataType, FLOAT64, INT32, INT64 } from '../../types/data-type.ts';
import { LumaError } from '../../types/error.ts';
import { isValid, type Values, type Vector } from '../../types/vector.ts';
import type { WindowDefinition, WindowRows } from '../definition.ts';

/** Window functions of a row's place in its partition (PostgreSQL, 9.22). They know nothing of frames. */

function vector(type: DataType, values: Values, length: number): Vector {
  return { type, length, validity: null, values, offsets: null, dictionary: null };
}

/** Calls `visit` for each run of peers with the partition that it is in, all as [start, end) row numbers. */
function eachPeerGroup(
  { partitionStarts, peerStarts }: WindowRows,
  visit: (peerStart: number, peerEnd: number, partitionStart: number, partitionEnd: number) => void,
): void {
  let partition = 0;
  for (let i = 0; i + 1 < peerStarts.length; i++) {
    const start = peerStarts[i] ?? 0;
    while (partition + 2 < partitionStarts.length && (partitionStarts[partition + 1] ?? 0) <= start) partition++;
    visit(start, peerStarts[i + 1] ?? 0, partitionStarts[partition] ?? 0, partitionStarts[partition + 1] ?? 0);
  }
}

/** A function without arguments whose value is the same for peers. */
function ofPeers(
  name: string,
  summary: string,
  type: DataType,
  valueFor: (peerStart: number, peerEnd: number, partitionStart: number, partitionEnd: number, nth: number) => number,
): WindowDefinition {
  return {
    name,
    summary,
    resolve: (arguments_) => (arguments_.length === 0 ? { argumentTypes: [], returns: type } : undefined),
    compute: (_, rows) => {
      const floats = type.kind === 'float64' ? new Float64Array(rows.rows) : null;
      const integers = floats === null ? new BigInt64Array(rows.rows) : null;
      let nth = 0;
      let current = -1;
      eachPeerGroup(rows, (start, end, from, to) => {
        nth = from === current ? nth + 1 : 1;
        current = from;
        const value = valueFor(start, end, from, to, nth);
        floats?.fill(value, start, end);
        integers?.fill(BigInt(Math.trunc(value)), start, end);
      });
      return vector(type, floats ?? integers ?? new Float64Array(0), rows.rows);
    },
  };
}

const rowNumber: WindowDefinition = {
  name: 'row_number',
  summary: 'number of the row in its partition, from 1',
  resolve: (arguments_) => (arguments_.length === 0 ? { argumentTypes: [], returns: INT64 } : undefined),
  compute: (_, { rows, partitionStarts }) => {
    const values = new BigInt64Array(rows);
    for (let i = 0; i + 1 < partitionStarts.length; i++) {
      const [start, end] = [partitionStarts[i] ?? 0, partitionStarts[i + 1] ?? 0];
      for (let row = start; row < end; row++) values[row] = BigInt(row - start + 1);
    }
    return vector(INT64, values, rows);
  },
};

/** Buckets as equal as possible, the larger ones first; the count is that of the partition's first row. */
const ntile: WindowDefinition = {
  name: 'ntile',
  summary: 'number of the bucket, of n equal ones, that the row is in',
  resolve: (arguments_) => {
    const [argument] = arguments_;
    const fits = arguments_.length === 1 && (argument?.untyped === true || argument?.type.kind === 'int32');
    return fits ? { argumentTypes: [INT32], returns: INT32 } : undefined;
  },
  compute: ([buckets], { rows, partitionStarts }) => {
    const values = new Int32Array(rows);
    const validity = new Uint8Array((rows + 7) >> 3).fill(0xff);
    let nulls = 0;
    for (let i = 0; i + 1 < partitionStarts.length; i++) {
      const [start, end] = [partitionStarts[i] ?? 0, partitionStarts[i + 1] ?? 0];
      if (start === end) continue;
      if (buckets === undefined || !isValid(buckets, start)) {
        for (let row = start; row < end; row++) validity[row >> 3] = (validity[row >> 3] ?? 0) & ~(1 << (row & 7));
        nulls++;
        continue;
      }
      const count = Number(buckets.values[start] ?? 0);
      if (count <= 0) throw new LumaError('22014', 'argument of ntile must be greater than zero');
      fillBuckets(values, start, end, count);
    }
    return { ...vector(INT32, values, rows), validity: nulls === 0 ? null : validity };
  },
};

function fillBuckets(values: Int32Array, start: number, end: number, count: number): void {
  const size = Math.floor((end - start) / count);
  const larger = (end - start) % count;
  let row = start;
  for (let bucket = 1; row < end; bucket++) {
    const next = Math.min(end, row + size + (bucket <= larger ? 1 : 0));
    values.fill(bucket, row, next);
    row = next;
  }
}

export const rankingFunctions: readonly WindowDefinition[] = [
  rowNumber,
  ofPeers('rank', 'number of the first peer in the partition: with gaps', INT64, (start, _, from) => start - from + 1),
  ofPeers('dense_rank', 'number of the group of peers: without gaps', INT64, (_start, _end, _from, _to, nth) => nth),
  ofPeers('percent_rank', '(rank - 1) / (rows of the partition - 1)', FLOAT64, (start, _, from, to) =>
    to - from > 1 ? (start - from) / (to - from - 1) : 0,
  ),
  ofPeers(
    'cume_dist',
    'rows up to the last peer / rows of the partition',
    FLOAT64,
    (_, end, from, to) => (end - from) / (to - from),
  ),
  ntile,
];
