import type { FunctionRef } from '../../../wasm/function-builder.ts';
import { ModuleBuilder } from '../../../wasm/module-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { RuntimeModule } from '../../runtime/routine.ts';
import { BlockPlan, LOCAL } from '../blocks.ts';
import { ConstantArea } from './constants.ts';
import type { ErrorTable } from './errors.ts';
import { DictionaryTables } from './tables.ts';

/** One module under construction: all functions of one drain, and what they expect to find in memory. */
export class PipelineModule {
  readonly run: QueryRun;
  readonly errors: ErrorTable;
  readonly module = new ModuleBuilder();
  readonly runtime = new RuntimeModule(this.module);
  readonly blocks = new BlockPlan();
  readonly constants = new ConstantArea();
  readonly tables: DictionaryTables;
  #allocator: FunctionRef | null = null;

  /** `rows`: how many rows the module's functions will see, at most. */
  constructor(run: QueryRun, errors: ErrorTable, rows: number) {
    this.run = run;
    this.errors = errors;
    this.tables = new DictionaryTables(this, rows);
    this.module.importMemory('memory', 'memory');
    this.module.global('i32'); // SHARED_GLOBAL
  }

  /** `(bytes, local) -> address`: takes from the thread's slice, or asks the host for another. */
  allocator(): FunctionRef {
    if (this.#allocator !== null) return this.#allocator;
    const more = this.module.importFunction('memory', 'more', ['i32', 'i32'], ['i32']);
    const f = this.module.function(['i32', 'i32'], ['i32']);
    const [bytes, local] = [f.param(0), f.param(1)];
    const [address, end] = [f.local('i32'), f.local('i32')];
    f.get(bytes).i32(7).op('i32.add').i32(-8).op('i32.and').set(bytes);
    f.get(local).load('i32.load', LOCAL.next).tee(address).get(bytes).op('i32.add').tee(end);
    f.get(local).load('i32.load', LOCAL.limit).op('i32.gt_u');
    f.get(end).get(address).op('i32.lt_u').op('i32.or');
    f.ifThen(() => f.get(bytes).get(local).call(more).return_());
    f.get(local).get(end).store('i32.store', LOCAL.next).get(address);
    this.#allocator = f;
    return f;
  }
}
