import { statSync } from 'node:fs';
import path from 'node:path';
import type { CompileDiagnostic, CompileOutcome } from './compilers/compile-types.ts';
import { moduleName } from './compilers/finish.ts';
import { type Compilers, createCompilers } from './compilers/node/compilers.ts';
import { readPluginSource } from './compilers/node/read-source.ts';

/*
 * `node dist/compile.js FILE…`: compiles plugins for the command line. It prints one JSON object a line for each file,
 * in their order: {path, name, wasm (base64 or null), diagnostics, functions}. Exit code 1 when any of them failed,
 * 2 when none was named.
 */

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function run(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('usage: compile.js FILE.wat | FILE.ts | FILE.wasm …\n');
    return 2;
  }
  const compilers = createCompilers(__dirname);
  let failed = false;
  for (const file of files) {
    const outcome = await compileFile(compilers, path.resolve(file));
    failed ||= outcome.wasm === undefined;
    process.stdout.write(`${JSON.stringify(toLine(file, outcome))}\n`);
  }
  await compilers.dispose();
  return failed ? 1 : 0;
}

async function compileFile(compilers: Compilers, file: string): Promise<CompileOutcome> {
  try {
    if (statSync(file).isDirectory())
      return failure(file, 'FILE_IS_DIRECTORY', 'It is a folder; name the files in it.');
    const source = readPluginSource(file, importRoot(file));
    if (source !== undefined) return await compilers.compile(source);
    return failure(file, 'FORMAT_UNSUPPORTED', 'A plugin is a .wat, .ts (AssemblyScript) or .wasm file.');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) return failure(file, 'FILE_NOT_FOUND', 'There is no such file.');
    return failure(
      file,
      'FILE_IO',
      `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** A source may import what lies in the current folder, where the command was given, or else in its own folder. */
function importRoot(file: string): string {
  const inside = path.relative(process.cwd(), file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.dirname(file) : process.cwd();
}

function failure(file: string, code: string, message: string): CompileOutcome {
  const place = { line: 0, character: 0 };
  const diagnostic: CompileDiagnostic = {
    severity: 'error',
    code,
    message,
    range: { start: place, end: place },
  };
  return { name: moduleName(file), diagnostics: [diagnostic], functions: [], places: new Map() };
}

function toLine(file: string, outcome: CompileOutcome): object {
  const { name, wasm, diagnostics, functions } = outcome;
  return {
    path: file,
    name,
    wasm: wasm === undefined ? null : Buffer.from(wasm).toString('base64'),
    diagnostics,
    functions,
  };
}
