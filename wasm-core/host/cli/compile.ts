import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hostPaths } from '../../connect/paths.ts';
import type { CheckSeverity } from '../../protocol/check.ts';
import { CoreError } from '../../protocol/errors.ts';
import { languageOfName, type Preset, type ToolPaths } from '../../protocol/plugins.ts';
import type { Cli } from './cli.ts';
import { createCompileCache } from './compile-cache.ts';
import { isComponentFile } from './component-file.ts';
import { ReportedFailure } from './report-error.ts';

/** Something that a compiler says of a source. */
export interface CompileDiagnostic {
  readonly severity: CheckSeverity;
  readonly message: string;
  readonly code: string;
  /** It keeps the module from nothing. */
  readonly isLint?: true;
  /** Lines and UTF-16 units, from 0. */
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  /** Absolute path, where the place is in another file than the source. */
  readonly file?: string;
}

/** What became of one source: a line of `dist/compile.js`. */
export interface Compiled {
  readonly path: string;
  readonly name: string;
  /** Base64; null when it did not compile. */
  readonly wasm: string | null;
  readonly diagnostics: readonly CompileDiagnostic[];
  readonly functions: readonly unknown[];
  /** Absolute paths of other files that it was made of, there or not; null when that is not known. */
  readonly inputs: readonly string[] | null;
  /** Absolute path of the user's compiler; null for one of ours. */
  readonly tool: string | null;
}

/** Whether a file is compiled before it is loaded: a plugin's source, by its ending, or a component. */
export function isSource(file: string): boolean {
  return languageOfName(file) !== undefined || (/\.wasm$/i.test(file) && isComponentFile(file));
}

/** How sources are compiled. */
export interface CompileChoice {
  /** Absent: `debug`. */
  readonly preset?: Preset;
  readonly tools?: ToolPaths;
}

/**
 * Compiles sources; those that are what they were when they were last compiled come from the cache.
 *
 * @param files any paths
 * @returns one entry for each file, in their order
 * @throws CoreError INTERNAL when the compiler itself fails
 */
export async function compileFiles(
  cli: Cli,
  files: readonly string[],
  choice: CompileChoice = {},
): Promise<Compiled[]> {
  const { preset = 'debug', tools = {} } = choice;
  const cache = createCompileCache(
    path.join(hostPaths().home, 'cache', 'compile'),
    JSON.stringify({ preset, tools }),
  );
  const known = new Map<string, Compiled>();
  for (const file of files.filter(isSource)) {
    const cached = cache.get(file);
    if (cached !== undefined) known.set(file, cached);
  }
  const missing = files.filter((file) => !known.has(file));
  if (missing.length > 0) {
    cli.explain(`Compiling ${missing.join(', ')}`);
    for (const [index, compiled] of (await compileAll(cli, missing, { preset, tools })).entries()) {
      const file = missing[index] ?? compiled.path;
      known.set(file, compiled);
      if (isSource(file)) cache.put(file, compiled);
    }
  }
  return files.flatMap((file) => known.get(file) ?? []);
}

/** In a process of their own: the compilers are large, and Ctrl+C ends them with it. */
async function compileAll(
  cli: Cli,
  files: readonly string[],
  { preset, tools }: Required<CompileChoice>,
): Promise<Compiled[]> {
  const program = path.join(cli.distFolder, 'compile.js');
  if (!existsSync(program)) {
    throw new CoreError('FILE_NOT_FOUND', `The compiler ${program} is not there; build Quern first.`);
  }
  const args = [JSON.stringify({ files, preset, tools })];
  const { text, problem } = await runCompiler(program, args, cli.signal);
  const compiled = text.split('\n').filter(Boolean).map(parseLine);
  if (compiled.length === files.length) return compiled;
  if (cli.signal.aborted) throw new CoreError('CANCELLED', 'Compiling was cancelled.');
  throw new CoreError('INTERNAL', `The compiler ended before it was done. ${problem}`);
}

/** Compiles one source. @throws ReportedFailure after its errors were printed */
export async function compileOne(cli: Cli, file: string): Promise<Buffer> {
  const [compiled] = await compileFiles(cli, [file]);
  sayDiagnostics(cli, compiled ? [compiled] : []);
  if (typeof compiled?.wasm !== 'string') throw new ReportedFailure();
  return Buffer.from(compiled.wasm, 'base64');
}

/**
 * Prints errors and warnings as `path:line:column: severity code: message`, which the editor's problem matcher reads;
 * further lines of a message are indented. The rest is for `quern check`.
 *
 * @param options.lints also what keeps no module from being loaded
 */
export function sayDiagnostics(
  cli: Cli,
  compiled: readonly Compiled[],
  options: { readonly lints?: true } = {},
): void {
  for (const { path: file, diagnostics } of compiled) {
    for (const { severity, code, message, range, isLint, file: other = file } of diagnostics) {
      if (severity === 'information' || severity === 'hint' || (isLint && !options.lints)) continue;
      const shown = path.relative('', other) || other;
      const place = `${shown.startsWith('..') ? other : shown}:${range.start.line + 1}:${range.start.character + 1}`;
      cli.say(`${place}: ${severity} ${code}: ${message.trim().replace(/\n/g, '\n  ')}`);
    }
  }
}

function runCompiler(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly problem: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], signal });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => (signal.aborted ? undefined : reject(error)));
    child.on('close', () => {
      const problem = Buffer.concat(err).toString('utf8').trim().split('\n')[0] ?? '';
      resolve({ text: Buffer.concat(out).toString('utf8'), problem });
    });
  });
}

/** The compiler is ours, from the same build: its lines have the shape that they are given there. */
function parseLine(line: string): Compiled {
  return JSON.parse(line) as Compiled;
}
