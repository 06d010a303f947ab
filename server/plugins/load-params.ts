import { isComponent } from '../../wasm-core/binary/components/read-component.ts';
import type { LoadParams } from '../../wasm-core/protocol/methods.ts';
import type { PluginSource } from '../compilers/compile-types.ts';

/**
 * How a compiled plugin goes to the host: a `.wasm` file by its path, with the text of its sidecar; what was compiled
 * from a source, or made of a component, as bytes.
 */
export function loadParams(
  source: PluginSource,
  module: { readonly name: string; readonly namespace: string; readonly wasm: Uint8Array },
): LoadParams {
  const { name, namespace, wasm } = module;
  const common = { name, namespace, source: source.path };
  if (source.language !== 'wasm' || isComponent(source.bytes))
    return { ...common, bytes: { base64: toBase64(wasm) } };
  return { ...common, path: source.path, ...(source.sidecar !== undefined && { manifest: source.sidecar }) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
