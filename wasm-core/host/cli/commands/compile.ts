import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import { byteSizeText, sizeChangeText } from '../../../protocol/figures.ts';
import { isProjectFile, TOOL_NAMES, type ToolPaths } from '../../../protocol/plugins.ts';
import type { Cli } from '../cli.ts';
import { type Compiled, compileFiles, isSource, sayDiagnostics } from '../compile.ts';
import { collect } from '../options.ts';
import { print } from '../output.ts';
import { ReportedFailure } from '../report-error.ts';
import { findPlugins, isFolder, type PluginFile } from '../run/plugin-files.ts';
import { pluginSetsOf } from '../run/workspace-plugins.ts';

/** What `quern compile` was asked to do. */
interface CompileCommandOptions {
  readonly out?: string;
  readonly release?: boolean;
  readonly tool?: readonly string[];
}

/** `quern compile [FILE…]`. */
export function addCompile(program: Command, cli: Cli): void {
  program
    .command('compile')
    .description('compile plugins to .wasm, and check them and .wasm files against the ABI')
    .argument(
      '[files...]',
      'sources, files that stand for projects, such as Cargo.toml, and folders (default: the current one)',
    )
    .option('--out <dir>', 'where the .wasm files go (default: beside their sources)')
    .option('--release', 'small and fast, without the lines that failures are told by')
    .option('--tool <name=path>', `another ${TOOL_NAMES.join(', ')} than the one that is found`, collect)
    .addHelpText('after', NOTES)
    .action(async (named: readonly string[], options: CompileCommandOptions) => {
      const files = (named.length === 0 ? ['.'] : named).flatMap(filesOf);
      const preset = options.release === true ? 'release' : 'debug';
      const compiled = await compileFiles(cli, files, { preset, tools: toolsOf(options.tool ?? []) });
      const written = compiled.map((one) => write(one, options.out));
      if (cli.json) {
        const facts = compiled.map(({ wasm, inputs: _inputs, tool: _tool, ...rest }, i) => ({
          ...rest,
          ok: wasm !== null,
          output: written[i]?.path ?? null,
          byteLength: written[i]?.byteLength ?? null,
        }));
        await print(JSON.stringify({ files: facts }));
      } else {
        sayDiagnostics(cli, compiled, { lints: true });
        for (const file of written) if (file !== undefined) await print(writtenText(file));
      }
      if (compiled.some(({ wasm }) => wasm === null)) throw new ReportedFailure();
    });
}

const NOTES = `
Of a folder the plugins are compiled that its quern.json names, or else those of its plugins/, or of the folder itself
when it has neither.`;

/** A file, or the plugins of a folder. @throws CoreError FILE_NOT_FOUND when the folder has none */
function filesOf(named: string): readonly string[] {
  const folder = path.resolve(named);
  if (!isFolder(folder)) return [named];
  const sets = pluginSetsOf(folder);
  const files = sets.length === 0 ? findPlugins(folder) : sets.flatMap((set) => set.files);
  if (files.length > 0) return shown(files);
  const advice = 'Name files, or write a quern.json that names plugins.';
  throw new CoreError('FILE_NOT_FOUND', `There is no plugin in ${folder} to compile. ${advice}`, {
    path: folder,
  });
}

/** As somebody would have named them where the command was given. */
function shown(files: readonly PluginFile[]): readonly string[] {
  return files.map((file) => path.relative('', file.path));
}

/** @throws CoreError REQUEST_INVALID for what names no tool */
function toolsOf(given: readonly string[]): ToolPaths {
  const pairs = given.map((text) => {
    const [, name = '', file = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (TOOL_NAMES.some((known) => known === name)) return [name, path.resolve(file)] as const;
    const message = `--tool ${text} names no tool; write NAME=PATH with one of ${TOOL_NAMES.join(', ')}.`;
    throw new CoreError('REQUEST_INVALID', message);
  });
  return Object.fromEntries(pairs);
}

/** A module that was written, and the size of the one that it took the place of. */
interface Written {
  readonly path: string;
  readonly byteLength: number;
  readonly before: number | undefined;
}

function writtenText({ path: file, byteLength, before }: Written): string {
  const change = sizeChangeText(byteLength, before);
  return `${file} ${byteSizeText(byteLength)}${change === '' ? '' : ` (${change})`}`;
}

/** @returns undefined for what did not compile, and for a `.wasm`, which is only checked */
function write(compiled: Compiled, folder: string | undefined): Written | undefined {
  if (compiled.wasm === null || !isSource(compiled.path)) return undefined;
  // A project's module lies beside its folder, where it is the module of that source.
  const beside = path.dirname(
    isProjectFile(compiled.path) ? path.dirname(path.resolve(compiled.path)) : compiled.path,
  );
  const target = path.join(folder ?? beside, `${compiled.name}.wasm`);
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    const before = statSync(target, { throwIfNoEntry: false })?.size;
    const bytes = Buffer.from(compiled.wasm, 'base64');
    writeFileSync(target, bytes);
    return { path: target, byteLength: bytes.byteLength, before };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CoreError('FILE_IO', `${target} cannot be written (${code}).`, { path: target });
  }
}
