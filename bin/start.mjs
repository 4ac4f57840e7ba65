import { readFileSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/*
 * Starts the command line from the bundle that bin/bundle.ts made, or, when a source has changed since or there is no
 * bundle, from the sources. Plain JavaScript, because it runs before anything else: reading the types away would cost what
 * it saves.
 */

/** Whether every file that went into the bundle is as it was then; stating them all takes about 2 ms. */
function bundled() {
  try {
    const sources = JSON.parse(readFileSync(new URL('../dist/sources.json', import.meta.url), 'utf8'));
    const root = fileURLToPath(new URL('..', import.meta.url));
    return sources.every(([path, size, mtimeMs]) => {
      const found = statSync(root + path, { throwIfNoEntry: false });
      return found !== undefined && found.size === size && found.mtimeMs === mtimeMs;
    });
  } catch {
    return false;
  }
}

/** Sources name each other by their whole relative path, so that nothing has to be looked for. */
function resolveQuickly() {
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('.') || !specifier.endsWith('.ts') || context.parentURL === undefined) return next(specifier, context);
      return { url: new URL(specifier, context.parentURL).href, format: 'module-typescript', shortCircuit: true };
    },
  });
}

if (bundled()) await import('../dist/cli.js');
else {
  resolveQuickly();
  await import('../src/cli.ts');
}
