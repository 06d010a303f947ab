import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { CompileOutcome } from '../../compilers/compile-types.ts';
import { compileFile } from '../../compilers/node/compile-file.ts';
import type { Compilers } from '../../compilers/node/compilers.ts';
import { readPluginSource } from '../../compilers/node/read-source.ts';
import type { HostLink } from '../../host-link.ts';
import { loadParams } from '../../plugins/load-params.ts';
import { refusal } from '../../plugins/plugin-state.ts';
import { type PluginSet, pluginsOf } from './plugin-sets.ts';

/** Compiles plugins, each once, and brings folders of them into the host. */
export class PluginCheck {
  private readonly outcomes = new Map<string, Promise<CompileOutcome>>();

  constructor(private readonly compilers: Compilers) {}

  /** What became of a plugin's file; its diagnostics tell also what the host had against it. @param file absolute */
  outcome(file: string): Promise<CompileOutcome> {
    const known = this.outcomes.get(file);
    if (known !== undefined) return known;
    const outcome = compileFile(this.compilers, file);
    this.outcomes.set(file, outcome);
    return outcome;
  }

  /**
   * Loads plugins into their namespace, and takes out of it what is none of them, as `quern run` does. A plugin that does
   * not compile is left as it is in the host.
   *
   * @returns the plugins' files
   * @throws CoreError what the host has to say of more than one plugin: HOST_LOST, HOST_UNAVAILABLE, LIMIT_INVALID
   */
  async load(host: HostLink, set: PluginSet): Promise<string[]> {
    const { namespace } = set;
    const plugins = pluginsOf(set);
    const { modules } = await host.request('module/list', { namespace });
    for (const { path, name } of plugins) {
      const outcome = await this.outcome(path);
      const loaded = await load(host, { path, name, namespace }, outcome);
      this.outcomes.set(path, Promise.resolve(loaded));
    }
    const names = new Set(plugins.map(({ name }) => name));
    for (const { name } of modules.filter((module) => !names.has(module.name))) {
      // Another process over the same folder may have been faster.
      await host.request('module/unload', { module: name, namespace }).catch(ignoreUnknown);
    }
    return plugins.map(({ path }) => path);
  }
}

/** Loads one module; what the host has against it becomes a diagnostic. */
async function load(
  host: HostLink,
  label: { readonly path: string; readonly name: string; readonly namespace: string },
  outcome: CompileOutcome,
): Promise<CompileOutcome> {
  const { wasm } = outcome;
  if (wasm === undefined) return outcome;
  const source = readPluginSource(label.path, label.namespace);
  if (source === undefined) return outcome;
  try {
    await host.request('module/load', loadParams(source, { ...label, wasm }));
    return outcome;
  } catch (error) {
    const isHosts = !(error instanceof CoreError) || /^HOST_|^CANCELLED$/.test(error.kind);
    if (isHosts) throw error;
    return refusal(outcome, error);
  }
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof CoreError && error.kind === 'MODULE_UNKNOWN')) throw error;
}
