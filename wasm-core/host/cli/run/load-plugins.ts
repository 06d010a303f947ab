import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { LoadParams, ModuleInfo } from '../../../protocol/methods.ts';
import { aboutFile } from '../about-file.ts';
import type { Cli } from '../cli.ts';
import { type Compiled, compileFiles, sayDiagnostics } from '../compile.ts';
import { ReportedFailure } from '../report-error.ts';
import type { PluginFile } from './plugin-files.ts';

/**
 * Compiles plugins and loads them into a namespace; modules whose file is not among them are unloaded from it. Afterwards
 * the namespace has just these.
 *
 * @param set.namespace such as the folder of the plugins, absolute
 * @throws ReportedFailure after compile errors were printed; CoreError as `module/load`, with the file's name
 */
export async function loadPlugins(
  cli: Cli,
  connection: HostConnection,
  { namespace: folder, files }: { readonly namespace: string; readonly files: readonly PluginFile[] },
): Promise<void> {
  const compiled = await compileSources(cli, files);
  const { modules } = await connection.request('module/list', { namespace: folder });
  for (const file of files) {
    const params = loadParams(folder, file, compiled.get(file.path));
    if (isLoaded(params, modules)) continue;
    cli.explain(`Loading ${file.path}`);
    await aboutFile(file.path, () => connection.request('module/load', params));
  }
  const names = new Set(files.map((file) => file.name));
  for (const { name } of modules) {
    if (names.has(name)) continue;
    // Another run over the same folder may have been faster.
    await connection.request('module/unload', { module: name, namespace: folder }).catch(ignoreUnknown);
  }
}

/** Compiled sources by path. */
async function compileSources(cli: Cli, files: readonly PluginFile[]): Promise<Map<string, Compiled>> {
  const sources = files.filter(({ kind }) => kind === 'source').map((file) => file.path);
  const known = new Map<string, Compiled>();
  for (const [index, compiled] of (await compileFiles(cli, sources)).entries()) {
    known.set(sources[index] ?? compiled.path, compiled);
  }
  sayDiagnostics(cli, [...known.values()]);
  if ([...known.values()].some(({ wasm }) => wasm === null)) throw new ReportedFailure();
  return known;
}

function loadParams(namespace: string, file: PluginFile, compiled: Compiled | undefined): LoadParams {
  const label = { name: file.name, namespace, source: file.path };
  if (typeof compiled?.wasm === 'string') return { ...label, bytes: { base64: compiled.wasm } };
  const sidecar = file.path.replace(/\.wasm$/, '.quern.json');
  const manifest = existsSync(sidecar) ? { manifest: readFileSync(sidecar, 'utf8') } : {};
  return { ...label, path: file.path, ...manifest };
}

/** Whether the host has just this. Modules given by path may have a changed sidecar, so they are always loaded again. */
function isLoaded({ bytes, name, source }: LoadParams, modules: readonly ModuleInfo[]): boolean {
  if (bytes === undefined) return false;
  const digest = createHash('sha256').update(bytes.base64, 'base64').digest('hex');
  return modules.some((m) => m.name === name && m.source === source && m.digest === digest);
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof CoreError && error.kind === 'MODULE_UNKNOWN')) throw error;
}
