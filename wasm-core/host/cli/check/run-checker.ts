import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CheckedFile, CheckLine, CheckRequest } from '../../../protocol/check.ts';
import { CoreError, fromRpcError } from '../../../protocol/errors.ts';
import type { Cli } from '../cli.ts';

/**
 * Checks files in a process of their own: the compilers are large, and Ctrl+C ends them with it.
 *
 * @returns the files, sorted by path, their diagnostics by place
 * @throws CoreError what kept the check from its end; INTERNAL when the checker itself fails
 */
export async function runChecker(cli: Cli, request: CheckRequest): Promise<CheckedFile[]> {
  const program = path.join(cli.distFolder, 'check.js');
  if (!existsSync(program)) {
    throw new CoreError('FILE_NOT_FOUND', `The checker ${program} is not there; build Quern first.`);
  }
  const { text, problem, code } = await run(program, request, cli.signal);
  const lines = text.split('\n').filter(Boolean).map(parseLine);
  for (const line of lines) if ('failure' in line) throw fromRpcError(line.failure);
  if (code !== 0) throw new CoreError('INTERNAL', `The checker ended before it was done. ${problem}`);
  const files = lines.flatMap((line) => ('failure' in line ? [] : [line]));
  return files.map(sorted).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sorted(file: CheckedFile): CheckedFile {
  const diagnostics = [...file.diagnostics].sort(
    ({ range: a }, { range: b }) => a.start.line - b.start.line || a.start.character - b.start.character,
  );
  return { ...file, diagnostics };
}

interface Ended {
  readonly text: string;
  readonly problem: string;
  readonly code: number | null;
}

function run(program: string, request: CheckRequest, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'], signal });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // A checker that ends at once reads nothing; how it ended is told below.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(request));
    child.on('close', (code) => {
      const problem = Buffer.concat(err).toString('utf8').trim().split('\n')[0] ?? '';
      resolve({ text: Buffer.concat(out).toString('utf8'), problem, code });
    });
  });
}

/** The checker is ours, from the same build: its lines have the shape that they are given there. */
function parseLine(line: string): CheckLine {
  return JSON.parse(line) as CheckLine;
}
