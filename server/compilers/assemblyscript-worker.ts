import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { compileAssemblyScript } from './assemblyscript.ts';
import { serveCompiler } from './node/serve-worker.ts';
import { optimise } from './optimise.ts';

/* The thread that compiles AssemblyScript, and optimises modules: dist/assemblyscript-worker.mjs. */

serveCompiler(async (request) => {
  // The compiler brings the optimiser, which is too large to be there twice.
  if (request.module !== undefined) return { wasm: optimise(request.module), diagnostics: [], places: [] };
  return await compileAssemblyScript(request, (name) => readInside(request.root, name));
});

/** The text of a file inside the root, links followed; null when it is not there or lies outside. */
function readInside(root: string, name: string): string | null {
  try {
    const real = realpathSync(path.resolve(root, name));
    const inside = path.relative(realpathSync(root), real);
    if (inside.startsWith('..') || path.isAbsolute(inside)) return null;
    return readFileSync(real, 'utf8');
  } catch {
    // The compiler tries several names for one import; most are not there.
    return null;
  }
}
