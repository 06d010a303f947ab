import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';
import type { Cli } from './cli.ts';
import { ReportedFailure } from './report-error.ts';

/** Something that a compiler says of a source. */
export interface CompileDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly code: string;
  /** Lines and UTF-16 units, from 0. */
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** What became of one source: a line of `dist/compile.js`. */
export interface Compiled {
  readonly path: string;
  readonly name: string;
  /** Base64; null when it did not compile. */
  readonly wasm: string | null;
  readonly diagnostics: readonly CompileDiagnostic[];
  readonly functions: readonly unknown[];
}

/** Whether a file is a plugin's source rather than a module, by its ending. */
export function isSource(file: string): boolean {
  return /\.(wat|ts)$/.test(file);
}

/**
 * Compiles sources in a process of their own: the compilers are large, and Ctrl+C ends them with it.
 *
 * @param files any paths
 * @returns one entry for each file, in their order
 * @throws CoreError INTERNAL when the compiler itself fails
 */
export async function compileFiles(cli: Cli, files: readonly string[]): Promise<Compiled[]> {
  const program = path.join(cli.distFolder, 'compile.js');
  if (!existsSync(program)) {
    throw new CoreError('FILE_NOT_FOUND', `The compiler ${program} is not there; build Quern first.`);
  }
  const { text, problem } = await runCompiler(program, files, cli.signal);
  const compiled = text.split('\n').filter(Boolean).map(parseLine);
  if (compiled.length === files.length) return compiled;
  throw new CoreError('INTERNAL', `The compiler ended before it was done. ${problem}`);
}

/** Compiles one source. @throws ReportedFailure after its errors were printed */
export async function compileOne(cli: Cli, file: string): Promise<Buffer> {
  const [compiled] = await compileFiles(cli, [file]);
  sayDiagnostics(cli, compiled ? [compiled] : []);
  if (typeof compiled?.wasm !== 'string') throw new ReportedFailure();
  return Buffer.from(compiled.wasm, 'base64');
}

/** Prints what compilers said as `path:line:column: severity: message`. */
export function sayDiagnostics(cli: Cli, compiled: readonly Compiled[]): void {
  for (const { path: file, diagnostics } of compiled) {
    for (const { severity, message, range } of diagnostics) {
      const shown = path.relative('', file) || file;
      const place = `${shown.startsWith('..') ? file : shown}:${range.start.line + 1}:${range.start.character + 1}`;
      cli.say(`${place}: ${severity}: ${message}`);
    }
  }
}

function runCompiler(
  program: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly problem: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...files], { stdio: ['ignore', 'pipe', 'pipe'], signal });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
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
