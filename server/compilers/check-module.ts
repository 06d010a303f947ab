import { type AbiProblem, checkAbi } from '../../wasm-core/binary/abi.ts';
import { parseManifest, readManifest, writeManifest } from '../../wasm-core/binary/manifest.ts';
import { walkInstructions } from '../../wasm-core/binary/read-instructions.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import type { WasmModule } from '../../wasm-core/binary/wasm-module.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';

/** A problem that keeps a module from being loaded. */
export interface ModuleProblem extends Pick<AbiProblem, 'message' | 'function' | 'import'> {
  /** The name of a page in docs/diagnostics. */
  readonly code: string;
  /** For `proposal-unsupported`: what the module uses, as the reader of modules names it. */
  readonly feature?: string;
}

/** A module as it would be loaded. */
export interface CheckedModule {
  /** The bytes, with what the source declares in them; a sidecar stays beside its module. */
  readonly wasm: Uint8Array;
  /** What was read of the bytes; absent when they are no module that Quern reads. */
  readonly module?: WasmModule;
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
    const problems = checkAbi(module, manifest).map(({ check, code: _kind, ...rest }) => ({
      code: check,
      ...rest,
    }));
    // The code is read last: what it takes is more than all the rest.
    if (problems.length === 0) for (const body of module.bodies) walkInstructions(module, body, () => {});
    return { wasm: bytes, module, manifest, problems };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { wasm, manifest: undefined, problems: [problemOf(error)] };
  }
}

/** What V8 has against bytes that Quern reads. */
export function engineProblem(reason: unknown): ModuleProblem {
  const text = reason instanceof Error ? reason.message : String(reason);
  const said = text.replace(/^WebAssembly\.\w+\(\): /, '').replace(/ @\+(\d+)$/, ' (at byte $1)');
  return { code: 'module-invalid', message: `The file is not a valid WebAssembly module: ${said}.` };
}

function problemOf({ kind, message, details }: CoreError): ModuleProblem {
  if (kind === 'FORMAT_MANIFEST') return { code: 'manifest-invalid', message };
  if (kind !== 'FORMAT_UNSUPPORTED') return { code: 'module-invalid', message };
  const { feature } = details;
  return { code: 'proposal-unsupported', message, ...(typeof feature === 'string' && { feature }) };
}
