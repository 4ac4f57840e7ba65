/** Bit strings as Arrow has them: bit i is bit i & 7 of byte i >> 3. */

/** Copies `count` bits; the target's other bits keep their value. `source` null stands for all ones. */
export function copyBits(target: Uint8Array, to: number, source: Uint8Array | null, from: number, count: number): void {
  if (source === null) {
    fillBits(target, to, count, true);
    return;
  }
  let done = 0;
  while (done < count && ((to + done) & 7) !== 0) {
    setBit(target, to + done, getBit(source, from + done));
    done++;
  }
  const whole = (count - done) >> 3;
  if (whole > 0) {
    const targetByte = (to + done) >> 3;
    const sourceByte = (from + done) >> 3;
    const shift = (from + done) & 7;
    if (shift === 0) target.set(source.subarray(sourceByte, sourceByte + whole), targetByte);
    else {
      for (let i = 0; i < whole; i++) {
        target[targetByte + i] = ((source[sourceByte + i] ?? 0) >> shift) | ((source[sourceByte + i + 1] ?? 0) << (8 - shift));
      }
    }
    done += whole * 8;
  }
  for (; done < count; done++) setBit(target, to + done, getBit(source, from + done));
}

export function fillBits(target: Uint8Array, to: number, count: number, value: boolean): void {
  let done = 0;
  while (done < count && ((to + done) & 7) !== 0) setBit(target, to + done++, value);
  const whole = (count - done) >> 3;
  const first = (to + done) >> 3;
  target.fill(value ? 255 : 0, first, first + whole);
  done += whole * 8;
  for (; done < count; done++) setBit(target, to + done, value);
}

export function getBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}

/** How many of `count` bits are ones. */
export function countBits(bits: Uint8Array, from: number, count: number): number {
  let ones = 0;
  let at = from;
  const end = from + count;
  while (at < end && (at & 7) !== 0) if (getBit(bits, at++)) ones++;
  for (; at + 8 <= end; at += 8) ones += ONES[bits[at >> 3] ?? 0] ?? 0;
  while (at < end) if (getBit(bits, at++)) ones++;
  return ones;
}

function setBit(bits: Uint8Array, at: number, value: boolean): void {
  const byte = bits[at >> 3] ?? 0;
  const mask = 1 << (at & 7);
  bits[at >> 3] = value ? byte | mask : byte & ~mask;
}

/** Ones in each byte value. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) ones++;
  return ones;
});
