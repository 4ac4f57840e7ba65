import { part, textOf } from '../../expression/values.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowCode } from '../../rows/code.ts';
import type { Records } from '../../rows/row-sink.ts';
import { type Routine, routine } from '../../runtime/routine.ts';
import type { RecordKey } from './keys.ts';

/** A thread's slot: the address of the first text it saw, and how many of its bytes all its texts begin with. */
const COMMON = { text: 0, bytes: 4, size: 8 } as const;

/** How many bytes all texts of the key have in common at their beginning. */
export async function commonPrefix(run: QueryRun, { layout, chunks, rows }: Records, key: RecordKey): Promise<number> {
  const list = run.allocate(chunks.length * 8, 'a sort');
  run.memory.i32(list, chunks.length * 2).set(chunks.flatMap((chunk) => [chunk.address, chunk.rows]));
  let [listSlot, slot] = [0, 0];
  const { locals } = await run.parallel(
    'common_prefix',
    chunks.length,
    rows,
    (blocks) => {
      listSlot = blocks.shared(4);
      slot = blocks.local(COMMON.size);
    },
    (pipeline, task) => {
      const { f, shared, local } = pipeline;
      const [record, end, text, bytes] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(local)
        .load('i32.load', slot + COMMON.text)
        .set(text);
      f.get(local)
        .load('i32.load', slot + COMMON.bytes)
        .set(bytes);
      f.get(shared).load('i32.load', listSlot).get(task).i32(3).op('i32.shl').op('i32.add').tee(end);
      f.load('i32.load').tee(record).get(end).load('i32.load', 4).i32(layout.width).op('i32.mul').op('i32.add').set(end);
      f.loop((next) => {
        const value = textOf(f, rowCode.load(pipeline, key.field, layout, record));
        const see = (): void => {
          f.get(text);
          f.ifElse(
            () => {
              f.get(text).get(part(value, 0));
              f.get(bytes).get(part(value, 1)).get(bytes).get(part(value, 1)).op('i32.lt_u').select();
              pipeline.runtime.call(f, commonBytes);
              f.set(bytes);
            },
            () => f.get(part(value, 0)).set(text).get(part(value, 1)).set(bytes),
          );
        };
        if (value.isNull === null) see();
        else f.get(value.isNull).op('i32.eqz').ifThen(see);
        f.get(record).i32(layout.width).op('i32.add').tee(record).get(end).op('i32.lt_u').brIf(next);
      });
      f.get(local)
        .get(text)
        .store('i32.store', slot + COMMON.text);
      f.get(local)
        .get(bytes)
        .store('i32.store', slot + COMMON.bytes);
    },
    ({ shared }) => {
      run.memory.i32(shared + listSlot, 1)[0] = list;
    },
  );
  const texts = locals.flatMap((local) => {
    const [text = 0, bytes = 0] = run.memory.u32(local + slot, 2);
    return text === 0 ? [] : [Buffer.from(run.memory.bytes(text, bytes))];
  });
  return texts.slice(1).reduce((bytes, text) => commonLength(texts[0], text, bytes), texts[0]?.length ?? 0);
}

function commonLength(a: Buffer | undefined, b: Buffer, most: number): number {
  let length = 0;
  while (length < most && length < b.length && a?.[length] === b[length]) length++;
  return length;
}

/** `(a, b, length)` → how many bytes are equal from the beginning on. */
const commonBytes: Routine = routine('common_bytes', ['i32', 'i32', 'i32'], ['i32'], (f) => {
  const [a, b, length] = [f.param(0), f.param(1), f.param(2)];
  const i = f.local('i32');
  f.block((end) => {
    f.loop((next) => {
      f.get(i).i32(8).op('i32.add').get(length).op('i32.gt_u').brIf(end);
      f.get(a).get(i).op('i32.add').load('i64.load', 0, 0);
      f.get(b).get(i).op('i32.add').load('i64.load', 0, 0).op('i64.ne').brIf(end);
      f.get(i).i32(8).op('i32.add').set(i).br(next);
    });
  });
  f.block((end) => {
    f.loop((next) => {
      f.get(i).get(length).op('i32.ge_u').brIf(end);
      f.get(a).get(i).op('i32.add').load('i32.load8_u');
      f.get(b).get(i).op('i32.add').load('i32.load8_u').op('i32.ne').brIf(end);
      f.get(i).i32(1).op('i32.add').set(i).br(next);
    });
  });
  f.get(i);
});
