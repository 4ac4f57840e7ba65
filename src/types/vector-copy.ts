import type { Batch, Vector } from './vector.ts';

/**
 * Copies batches into buffers of their own, independent of any shared memory. One copier copies a dictionary once, however
 * many batches share it.
 */
export function batchCopier(): (batch: Batch) => Batch {
  const dictionaries = new Map<string, Vector>();
  const copyDictionary = (dictionary: Vector): Vector => {
    const key = `${dictionary.values.byteOffset}/${dictionary.offsets?.byteOffset}/${dictionary.length}`;
    const known = dictionaries.get(key);
    if (known !== undefined) return known;
    const copied = copyVector(dictionary);
    dictionaries.set(key, copied);
    return copied;
  };
  const copyVector = (vector: Vector): Vector => ({
    ...vector,
    validity: vector.validity?.slice() ?? null,
    values: vector.values.slice(),
    offsets: vector.offsets?.slice() ?? null,
    dictionary: vector.dictionary === null ? null : copyDictionary(vector.dictionary),
  });
  return (batch) => ({ length: batch.length, columns: batch.columns.map(copyVector) });
}
