import type { Pointer } from '../../memory/shared-memory.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../pipeline/stream.ts';
import type { QueryRun } from '../query-run.ts';

/** A value that a kernel gets with its call: an address or count, a time in ms, a number. */
export type KernelInput =
  | { readonly type: 'i32'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'f64'; readonly value: number };

export const address = (value: Pointer): KernelInput => ({ type: 'i32', value });
export const count = (value: number): KernelInput => ({ type: 'i32', value });
export const time = (value: number): KernelInput => ({ type: 'i64', value: BigInt(Math.round(value)) });
export const number = (value: number): KernelInput => ({ type: 'f64', value });

/** A kernel while its code is written: the inputs are locals, by name. */
export interface Kernel<Name extends string> {
  readonly pipeline: PipelineBuilder;
  readonly f: FunctionBuilder;
  readonly input: Readonly<Record<Name, Local>>;
}

/** Tasks per thread, so that threads finish together. */
const TASKS_PER_THREAD = 4;

/**
 * Runs generated code for every item 0 … items − 1, in parallel; `body` writes what happens to the item in its local.
 * `work` is how many values it touches: little work runs in place. The code does not depend on the inputs' values, so that
 * it is compiled once.
 */
export async function forEachItem<Name extends string>(
  run: QueryRun,
  name: string,
  items: number,
  work: number,
  inputs: Readonly<Record<Name, KernelInput>>,
  body: (kernel: Kernel<Name>, item: Local) => void,
): Promise<void> {
  if (items === 0) return;
  const tasks = Math.min(items, run.threads * TASKS_PER_THREAD);
  const all = { ...inputs, '#items': count(items), '#tasks': count(tasks) };
  await runTasks(run, name, tasks, work, all, ({ pipeline, f, input }, task) => {
    const item = f.local('i32');
    const end = f.local('i32');
    // Task t has the items from t × items ÷ tasks on.
    const bound = (more: number): FunctionBuilder =>
      f
        .get(task)
        .i32(more)
        .op('i32.add')
        .op('i64.extend_i32_u')
        .get(input['#items'])
        .op('i64.extend_i32_u')
        .op('i64.mul')
        .get(input['#tasks'])
        .op('i64.extend_i32_u')
        .op('i64.div_u')
        .op('i32.wrap_i64');
    bound(0).set(item);
    bound(1).set(end);
    countUp(f, item, end, () => body({ pipeline, f, input }, item));
  });
}

/** Runs generated code once, on one thread. */
export async function once<Name extends string>(
  run: QueryRun,
  name: string,
  work: number,
  inputs: Readonly<Record<Name, KernelInput>>,
  body: (kernel: Kernel<Name>) => void,
): Promise<void> {
  await runTasks(run, name, 1, work, inputs, (kernel) => body(kernel));
}

async function runTasks<Name extends string>(
  run: QueryRun,
  name: string,
  tasks: number,
  work: number,
  inputs: Readonly<Record<Name, KernelInput>>,
  body: (kernel: Kernel<Name>, task: Local) => void,
): Promise<void> {
  const entries = Object.entries<KernelInput>(inputs);
  const slots = new Map<string, number>();
  await run.parallel(
    name,
    tasks,
    work,
    (layout) => {
      for (const [key] of entries) slots.set(key, layout.shared(8));
    },
    (pipeline, task) => {
      const { f } = pipeline;
      const input = {} as Record<Name, Local>;
      for (const [key, { type }] of entries) {
        const local = f.local(type);
        f.get(pipeline.shared)
          .load(type === 'i32' ? 'i32.load' : type === 'i64' ? 'i64.load' : 'f64.load', slots.get(key))
          .set(local);
        input[key as Name] = local;
      }
      body({ pipeline, f, input }, task);
    },
    ({ shared }) => {
      const view = new DataView(run.memory.buffer());
      for (const [key, { type, value }] of entries) {
        const at = shared + (slots.get(key) ?? 0);
        if (type === 'i32') view.setInt32(at, value, true);
        else if (type === 'i64') view.setBigInt64(at, value, true);
        else view.setFloat64(at, value, true);
      }
    },
  );
}

/** for (; local < end; local++) body */
export function countUp(f: FunctionBuilder, local: Local, end: Local, body: () => void): void {
  f.block((out) => {
    f.loop((again) => {
      f.get(local).get(end).op('i32.ge_s').brIf(out);
      body();
      f.get(local).i32(1).op('i32.add').set(local).br(again);
    });
  });
}

/** Pushes base + (index << shift). */
export function pushElement(f: FunctionBuilder, base: Local, index: Local, shift: number): FunctionBuilder {
  f.get(base).get(index);
  if (shift > 0) f.i32(shift).op('i32.shl');
  return f.op('i32.add');
}
