import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { Records } from '../../rows/row-sink.ts';
import type { Candidates } from '../hash-join/match.ts';

/** Every record is a candidate: chunk by chunk, in order. */
export function allRecords(pipeline: PipelineBuilder, { layout, chunks }: Records): Candidates {
  const { f } = pipeline;
  const [record, end, at] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const list = pipeline.constant(chunkList(chunks, layout.width));
  const enter = (): void => {
    f.get(at).load('i32.load').set(record);
    f.get(at).load('i32.load', 4).set(end);
  };
  return {
    record,
    single: false,
    unique: false,
    first() {
      f.get(list).set(at);
      enter();
    },
    check() {
      // what is compared is among the predicates
    },
    next() {
      f.get(record).i32(layout.width).op('i32.add').tee(record).get(end).op('i32.eq');
      f.ifThen(() => {
        f.get(at).i32(8).op('i32.add').set(at);
        enter();
      });
    },
  };
}

/** Start and end of each chunk, then zeros. */
function chunkList(chunks: Records['chunks'], width: number): Uint8Array {
  const words = chunks.flatMap(({ address, rows }) => [address, address + rows * width]);
  return new Uint8Array(Uint32Array.of(...words, 0, 0).buffer);
}
