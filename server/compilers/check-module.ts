import { type AbiProblem, checkAbi } from '../../wasm-core/binary/abi.ts';
import { parseManifest, readManifest, writeManifest } from '../../wasm-core/binary/manifest.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';

/** A problem that keeps a module from being loaded; `function` names the SQL function or export it is about. */
export type ModuleProblem = Pick<AbiProblem, 'message' | 'function'> & { readonly code: string };

/** A module as it would be loaded. */
export interface CheckedModule {
  /** The bytes, with what the source declares in them; a sidecar stays beside its module. */
  readonly wasm: Uint8Array;
  readonly manifest: PluginManifest | undefined;
  readonly problems: readonly ModuleProblem[];
}

/**
 * Finds a module's manifest and checks the module against it and the plugin ABI, as the host will.
 *
 * @param options.sidecar text of `name.quern.json`, which wins over the module's section
 * @param options.declared what the source declares, for a module without a section
 */
export function checkModule(
  wasm: Uint8Array,
  options: { readonly sidecar?: string; readonly declared?: PluginManifest },
): CheckedModule {
  try {
    const module = readModule(wasm);
    const own = options.sidecar === undefined ? readManifest(module) : undefined;
    const given =
      options.sidecar === undefined
        ? options.declared
        : parseManifest(options.sidecar, { source: 'the file beside the module' });
    const manifest = own ?? given;
    const { declared } = options;
    const bytes = own === undefined && given === declared && declared ? writeManifest(wasm, declared) : wasm;
    return { wasm: bytes, manifest, problems: checkAbi(module, manifest) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { wasm, manifest: undefined, problems: [{ code: error.kind, message: error.message }] };
  }
}
