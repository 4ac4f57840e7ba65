import { clockImports } from './js/clock.ts';
import { conversionImports } from './js/conversion.ts';
import { decimalImports } from './js/decimal.ts';
import { TextExchange } from './js/exchange.ts';
import { mathImports } from './js/math.ts';
import { regexImports } from './js/regex.ts';
import { textImports } from './js/text.ts';

/**
 * What JavaScript provides to generated code, under `js`. Every thread makes its own from the one memory: a text result
 * waits in its exchange between the call that computes it and the call that fetches it.
 */
export function createImports(memory: WebAssembly.Memory): WebAssembly.Imports {
  const exchange = new TextExchange(memory);
  return {
    js: {
      ...decimalImports(),
      ...mathImports(),
      ...clockImports(),
      ...textImports(exchange),
      ...regexImports(exchange),
      ...conversionImports(exchange),
    },
  };
}
