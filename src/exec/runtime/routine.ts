import type { FunctionBuilder, FunctionRef, ValType } from '../../wasm/function-builder.ts';
import type { ModuleBuilder } from '../../wasm/module-builder.ts';

/** A function that generated code may call; it is put into a module, or imported by it, when first called there. */
export interface Routine {
  readonly name: string;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  /** Writes the body; null: the thread provides it in JavaScript, under `js.<name>` (`imports.ts`). */
  readonly build: ((f: FunctionBuilder, runtime: RuntimeModule) => void) | null;
}

/** A routine in WebAssembly. */
export function routine(
  name: string,
  params: readonly ValType[],
  results: readonly ValType[],
  build: (f: FunctionBuilder, runtime: RuntimeModule) => void,
): Routine {
  return { name, params, results, build };
}

/** A routine that JavaScript provides. */
export function importedRoutine(name: string, params: readonly ValType[], results: readonly ValType[]): Routine {
  return { name, params, results, build: null };
}

/** The routines of one module: make one per ModuleBuilder. */
export class RuntimeModule {
  readonly module: ModuleBuilder;
  readonly #functions = new Map<Routine, FunctionRef>();

  constructor(module: ModuleBuilder) {
    this.module = module;
  }

  /** The routine as a function of this module. */
  ref(routine: Routine): FunctionRef {
    const known = this.#functions.get(routine);
    if (known !== undefined) return known;
    if (routine.build === null) {
      const imported = this.module.importFunction('js', routine.name, routine.params, routine.results);
      this.#functions.set(routine, imported);
      return imported;
    }
    const built = this.module.function(routine.params, routine.results);
    this.#functions.set(routine, built);
    routine.build(built, this);
    return built;
  }

  /** Calls the routine in `f`; its arguments are on the stack. */
  call(f: FunctionBuilder, routine: Routine): void {
    f.call(this.ref(routine));
  }
}
