import path from 'node:path';
import { PRESETS, toolPaths } from '../wasm-core/protocol/plugins.ts';
import type { CompileOptions, CompileOutcome } from './compilers/compile-types.ts';
import { compileFile } from './compilers/node/compile-file.ts';
import { createCompilers } from './compilers/node/compilers.ts';
import { endWithProcess } from './compilers/node/end-with-process.ts';

/*
 * `node dist/compile.js FILE…`, or one argument of JSON: {files, preset, tools}: compiles plugins for the command line, a
 * few at a time. It prints one JSON object a line for each file, in their order: {path, name, wasm (base64 or null),
 * diagnostics, functions, inputs (paths or null), tool (a path or null)}. Exit code 1 when any of them failed, 2 when
 * none was named.
 */

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function run(args: readonly string[]): Promise<number> {
  const { files, ...options } = parseArguments(args);
  if (files.length === 0) {
    process.stderr.write('usage: compile.js FILE.wat | FILE.ts | FILE.wasm …\n');
    return 2;
  }
  const compilers = createCompilers(__dirname);
  endWithProcess(compilers);
  const outcomes = files.map((file) => compileFile(compilers, path.resolve(file), options));
  let failed = false;
  for (const [index, file] of files.entries()) {
    const outcome = await outcomes[index];
    if (outcome === undefined) continue;
    failed ||= outcome.wasm === undefined;
    process.stdout.write(`${JSON.stringify(toLine(file, outcome))}\n`);
  }
  await compilers.dispose();
  return failed ? 1 : 0;
}

function parseArguments(
  args: readonly string[],
): { readonly files: readonly string[] } & Pick<CompileOptions, 'preset' | 'tools'> {
  const [first = ''] = args;
  if (!first.startsWith('{')) return { files: args };
  const given = JSON.parse(first) as Readonly<Record<string, unknown>>;
  const preset = PRESETS.find((known) => known === given.preset) ?? 'debug';
  const files = Array.isArray(given.files) ? given.files.map(String) : [];
  return { files, preset, tools: toolPaths(given.tools) };
}

function toLine(file: string, outcome: CompileOutcome): object {
  const { name, wasm, diagnostics, functions, inputs = null, tool = null } = outcome;
  return {
    path: file,
    name,
    wasm: wasm === undefined ? null : Buffer.from(wasm).toString('base64'),
    diagnostics,
    functions,
    inputs,
    tool,
  };
}
