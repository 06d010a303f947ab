import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { Cli } from '../cli.ts';
import { type Compiled, compileFiles, isSource, sayDiagnostics } from '../compile.ts';
import { print } from '../output.ts';
import { ReportedFailure } from '../report-error.ts';

/** `quern compile FILE…`. */
export function addCompile(program: Command, cli: Cli): void {
  program
    .command('compile')
    .description(
      'compile .wat and AssemblyScript plugins to .wasm, and check them and .wasm files against the ABI',
    )
    .argument('<files...>', 'the sources')
    .option('--out <dir>', 'where the .wasm files go (default: beside their sources)')
    .action(async (files: readonly string[], options: { readonly out?: string }) => {
      const compiled = await compileFiles(cli, files);
      const written = compiled.map((one) => write(one, options.out));
      if (cli.json) {
        const facts = compiled.map(({ wasm, ...rest }, i) => ({
          ...rest,
          ok: wasm !== null,
          output: written[i] ?? null,
        }));
        await print(JSON.stringify({ files: facts }));
      } else {
        sayDiagnostics(cli, compiled);
        for (const file of written) if (file !== undefined) await print(file);
      }
      if (compiled.some(({ wasm }) => wasm === null)) throw new ReportedFailure();
    });
}

/** @returns the file's path; undefined for what did not compile, and for a `.wasm`, which is only checked */
function write(compiled: Compiled, folder: string | undefined): string | undefined {
  if (compiled.wasm === null || !isSource(compiled.path)) return undefined;
  const target = path.join(folder ?? path.dirname(compiled.path), `${compiled.name}.wasm`);
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, Buffer.from(compiled.wasm, 'base64'));
    return target;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CoreError('FILE_IO', `${target} cannot be written (${code}).`, { path: target });
  }
}
