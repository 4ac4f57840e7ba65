/** The embedding API: `import { Database, translate, detect } from 'lumadb'`. */
export { detect } from '../grammars/detect.ts';
export { Database, type DatabaseOptions, type QueryOptions } from './engine/database.ts';
export type { ParameterInput } from './engine/parameters.ts';
export type { JsValue } from './engine/results/js-values.ts';
export type { QueryResult } from './engine/results/result.ts';
export type { Progress } from './engine/results/rows.ts';
export type { GridOptions } from './engine/series/grid.ts';
export type { SampleSeries } from './engine/series/samples.ts';
export type { Loss } from './translate/loss.ts';
export { type Translation, translate } from './translate/translate.ts';
export { LumaError } from './types/error.ts';
