import protobuf from 'protobufjs';
import { compress } from 'snappyjs';
import type { TestSeries } from './data.ts';

/** Remote write 1.0, the client's side (https://prometheus.io/docs/specs/prw/remote_write_spec/). */

const STALE = 0x7ff0_0000_0000_0002n;

/** A WriteRequest of all samples, compressed; `rename` gives the names that labels have on the wire. */
export function encodeWrite(
  series: readonly TestSeries[],
  rename: (label: string) => string = (label) => label,
): Uint8Array<ArrayBuffer> {
  const request = new protobuf.Writer();
  for (const each of series) {
    request.uint32(field(1, 2)).fork();
    for (const [name, value] of Object.entries(each.labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
      request.uint32(field(1, 2)).fork().uint32(field(1, 2)).string(rename(name)).uint32(field(2, 2)).string(value).ldelim();
    }
    for (const [seconds, value] of each.samples) {
      const bits = value === 'stale' ? STALE : bitsOf(value);
      // A fixed64 is two fixed32; as a number the bits of a NaN would not last.
      const [low, high] = [Number(bits & 0xffff_ffffn), Number(bits >> 32n)];
      request.uint32(field(2, 2)).fork().uint32(field(1, 1)).fixed32(low).fixed32(high);
      request
        .uint32(field(2, 0))
        .int64(Math.round(seconds * 1000))
        .ldelim();
    }
    request.ldelim();
  }
  return new Uint8Array(compress(request.finish()));
}

function field(id: number, wireType: number): number {
  return (id << 3) | wireType;
}

/** A NaN as Go writes it, which is not the one that marks staleness. */
function bitsOf(value: number): bigint {
  if (Number.isNaN(value)) return 0x7ff8_0000_0000_0001n;
  return new DataView(new Float64Array([value]).buffer).getBigUint64(0, true);
}
