/** 32-bit hashes for dictionaries and distinct counts: Murmur3's finalizer over multiplied words. */

/** Murmur3's finalizer: every input bit reaches every output bit. */
export function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Of a 64-bit value given as its two words. */
export function hashWords(low: number, high: number): number {
  return mix(Math.imul(low, 0x9e3779b1) ^ Math.imul(high ^ (low >>> 15), 0x85ebca77));
}

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    h = Math.imul((h << 13) | (h >>> 19), 5) ^ Math.imul(word, 0x9e3779b1);
  }
  for (; at < end; at++) h = Math.imul(h ^ (bytes[at] ?? 0), 0x01000193);
  return mix(h);
}
