import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { hostPaths } from '../../../../wasm-core/connect/paths.ts';
import { CoreError } from '../../../../wasm-core/protocol/errors.ts';
import type { CompileDiagnostic, CompileOptions, CompileOutcome, ToolSource } from '../../compile-types.ts';
import { finishBytes } from '../../finish.ts';
import { sidecarOf } from '../../node/read-source.ts';
import { finishTool, type ToolMade } from '../finish-tool.ts';
import { withLineTables } from '../line-tables.ts';
import { missingToolCode, missingToolMessage } from '../missing-tool.ts';
import { placeDiagnostics, type ToolDiagnostic } from '../tool-diagnostic.ts';
import { CLANG_LANGUAGE } from './clang.ts';
import { toolEnvironment } from './environment.ts';
import { ToolFinder } from './find-tool.ts';
import { GO_LANGUAGE } from './go.ts';
import { JobQueue } from './job-queue.ts';
import { memberFiles } from './member-files.ts';
import { runTool, type ToolResult } from './run-tool.ts';
import { RUST_LANGUAGE } from './rust.ts';
import type { MissingPlan, ToolJob, ToolLanguage, ToolPlan } from './tool-language.ts';
import { ZIG_LANGUAGE } from './zig.ts';

/** What one tool may write: past that something is wrong with it. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const MAX_MODULE_BYTES = 256 * 1024 * 1024;

const LANGUAGES: Readonly<Record<ToolSource['language'], ToolLanguage>> = {
  c: CLANG_LANGUAGE,
  cpp: CLANG_LANGUAGE,
  rust: RUST_LANGUAGE,
  go: GO_LANGUAGE,
  zig: ZIG_LANGUAGE,
};

/** Where the compiler's things are. */
export interface ToolCompilerOptions {
  /** Absolute folder that holds `c` and `rust`. */
  readonly sdkFolder: string;
  /** Absolute; absent: below the host's own folder. */
  readonly cacheFolder?: string;
  /** Instead of what each language allows one compilation, milliseconds. */
  readonly timeoutMs?: number;
}

/** Compiles with programs of the user's, a few at a time, each in a folder of its own that is deleted afterwards. */
export class ToolCompiler {
  private readonly finder = new ToolFinder();
  private readonly queue = new JobQueue(Math.min(4, availableParallelism()));
  private readonly large = new JobQueue(1);
  private readonly ending = new AbortController();

  constructor(private readonly options: ToolCompilerOptions) {}

  /**
   * Compiles a source.
   *
   * @returns what became of it; a tool that is missing, hangs or fails is a diagnostic
   * @throws CoreError CANCELLED when `options.signal` or `dispose` aborted it
   */
  async compile(source: ToolSource, options: CompileOptions = {}): Promise<CompileOutcome> {
    const { signal } = options;
    const both = signal === undefined ? this.ending.signal : AbortSignal.any([signal, this.ending.signal]);
    return await this.queue.run(source.path, async () => {
      if (both.aborted) throw cancelled(source);
      const tempFolder = mkdtempSync(path.join(realpathSync(tmpdir()), 'quern-compile-'));
      try {
        return await this.compileIn(tempFolder, source, { ...options, signal: both });
      } finally {
        rmSync(tempFolder, { recursive: true, force: true, maxRetries: 3 });
      }
    });
  }

  /** Compiles these before whatever else waits. @param isFirst is given absolute paths */
  first(isFirst: (file: string) => boolean): void {
    this.queue.first(isFirst);
  }

  dispose(): void {
    this.ending.abort();
  }

  private async compileIn(
    tempFolder: string,
    source: ToolSource,
    options: CompileOptions & { readonly signal: AbortSignal },
  ): Promise<CompileOutcome> {
    const language = LANGUAGES[source.language];
    const job: ToolJob = {
      source,
      preset: options.preset ?? 'debug',
      tempFolder,
      sdkFolder: this.options.sdkFolder,
      cacheFolder: cacheFolderOf(source.path, this.options.cacheFolder),
      isSaved: textOnDisk(source.path) === source.text,
      finder: this.finder,
      tools: options.tools ?? {},
    };
    const planned = await language.plan(job);
    if ('missing' in planned) return await missing(source, planned);
    const plan = { ...planned, timeoutMs: this.options.timeoutMs ?? planned.timeoutMs };
    const run = (): Promise<ToolResult> =>
      runTool({
        file: plan.file ?? plan.tool.path,
        args: plan.args,
        cwd: plan.cwd,
        env: toolEnvironment(tempFolder, plan.env),
        timeoutMs: plan.timeoutMs,
        maxOutputBytes: MAX_OUTPUT_BYTES,
        signal: options.signal,
        ...(plan.stdin !== undefined && { stdin: plan.stdin }),
      });
    const result = await (plan.isLarge ? this.large.run(source.path, run) : run());
    if (result.stopped === 'cancelled') throw cancelled(source);
    return finishTool(source, made(job, { language, plan, result }));
  }
}

/** What a tool made, its diagnostics at their places. */
function made(
  job: ToolJob,
  run: { readonly language: ToolLanguage; readonly plan: ToolPlan; readonly result: ToolResult },
): ToolMade {
  const { source } = job;
  const { language, plan, result } = run;
  const output = language.read(result, job);
  const members = memberFiles(source);
  const said = [...output.diagnostics];
  const bytes = result.status === 0 && !result.stopped ? readModuleFile(output.wasmFile) : undefined;
  const wasm = bytes && withLineTables(bytes);
  const hasError = said.some(({ severity }) => severity === 'error');
  if (wasm === undefined && (!hasError || result.stopped !== undefined)) said.unshift(failure(plan, result));
  const diagnostics = placeDiagnostics(said, {
    main: source.path,
    fileOf: (name) => fileOf(name, { cwd: plan.cwd, source }),
    textOf: (file) => (file === source.path ? source.text : textOnDisk(file)),
  });
  const inputs = output.inputs && [...output.inputs, sidecarOf(source.path)];
  return { diagnostics, members, tool: plan.tool.path, ...(wasm && { wasm }), ...(inputs && { inputs }) };
}

/** The plugin's file that a tool means: what lies outside of the root is the toolchain's own, or the SDK's. */
function fileOf(
  name: string,
  { cwd, source }: { readonly cwd: string; readonly source: ToolSource },
): string | undefined {
  if (name === '<stdin>' || name === '<anon>' || name === '-') return source.path;
  // Cargo names files from the folder of the whole workspace.
  for (let folder = cwd; isInside(folder, source.root); folder = path.dirname(folder)) {
    const file = path.resolve(folder, name);
    if (isInside(file, source.root) && existsSync(file)) return file;
    if (path.isAbsolute(name) || folder === path.dirname(folder)) break;
  }
  return undefined;
}

/** What is said of a tool that failed without a word that we understand. */
function failure({ tool, timeoutMs }: ToolPlan, result: ToolResult): ToolDiagnostic {
  const { stopped, status, reason, stderr, stdout } = result;
  const program = tool.path;
  const last = (stderr.trim() || stdout.trim()).slice(-400);
  const tail = last === '' ? '' : ` It wrote: ${last}`;
  const message =
    stopped === 'timeout'
      ? `${program} took longer than ${timeoutMs / 1000} s and was stopped.`
      : stopped === 'output'
        ? `${program} wrote more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MiB and was stopped. It began: ${(stderr || stdout).slice(0, 200)}`
        : stopped === 'unstartable'
          ? `${program} cannot be started: ${reason}.`
          : status === null
            ? `${program} was ended by ${reason ?? 'a signal'}.${tail}`
            : status === 0
              ? `${program} made no module.${tail}`
              : `${program} failed with exit code ${status}.${tail}`;
  return { severity: 'error', code: 'toolchain/failed', message, notes: [] };
}

/** A module that was compiled before and lies beside its source serves where the toolchain is missing. */
async function missing(source: ToolSource, { missing: tool, report }: MissingPlan): Promise<CompileOutcome> {
  const message = missingToolMessage(tool, report);
  const start = { line: 0, character: 0 };
  const base = { code: missingToolCode(tool), range: { start, end: start } };
  const beside = source.path.replace(/\.[^.\\/]*$/, '.wasm');
  const bytes = readBytes(beside);
  if (bytes === undefined) {
    return finishTool(source, { diagnostics: [{ severity: 'error', message, ...base }], members: [] });
  }
  const { sidecar } = source;
  const outcome = await finishBytes({
    language: 'wasm',
    path: beside,
    bytes,
    ...(sidecar !== undefined && { sidecar }),
    ...(source.workspace && { workspace: source.workspace }),
  });
  const note = `${path.basename(beside)} beside it is used as it is; it may be older than its source.`;
  const warning: CompileDiagnostic = { severity: 'warning', message: `${message}\n${note}`, ...base };
  return { ...outcome, diagnostics: [warning, ...outcome.diagnostics] };
}

function cancelled(source: ToolSource): CoreError {
  return new CoreError('CANCELLED', `Compiling ${source.path} was cancelled.`);
}

function readModuleFile(file: string | undefined): Uint8Array | undefined {
  if (file === undefined || !existsSync(file) || statSync(file).size > MAX_MODULE_BYTES) return undefined;
  return readFileSync(file);
}

function readBytes(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function textOnDisk(file: string): string | undefined {
  return readBytes(file) && readFileSync(file, 'utf8');
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return !(relative.startsWith('..') || path.isAbsolute(relative));
}

/** Where a project's tool keeps what it made, between compilations. */
function cacheFolderOf(file: string, folder = path.join(hostPaths().home, 'cache', 'tools')): string {
  const key = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return path.join(folder, key);
}
