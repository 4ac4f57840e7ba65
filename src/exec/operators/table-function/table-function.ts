import type { TableFunctionOperator } from '../../../../planner/physical/plan.ts';
import { tableDefinitions } from '../../../functions/table/all.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Batch } from '../../../types/vector.ts';
import { vectorOf } from '../../../types/vector-build.ts';
import { evaluateConstant } from '../../expression/evaluate.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { withParameters } from '../limit/count.ts';
import { batchSource } from '../scan/batch-source.ts';

/** Rows that a function in FROM makes; it runs on the main thread, which other queries get back between batches. */
export async function lowerTableFunction(plan: TableFunctionOperator, run: QueryRun): Promise<Stream> {
  const definition = tableDefinitions.get(plan.function.name);
  if (definition === undefined)
    throw new LumaError(SQLSTATE.internalError, `no table function ${plan.function.name} is registered`);
  const arguments_ = plan.arguments.map((argument) => vectorOf(argument.type, [evaluateConstant(withParameters(run, argument))]));
  const batches: Batch[] = [];
  for (const batch of definition.rows(arguments_)) {
    batches.push(batch);
    await new Promise(setImmediate);
    run.checkCanceled();
  }
  return streamOf(batchSource(run, plan.columns, batches, plan.node), plan.columns);
}
