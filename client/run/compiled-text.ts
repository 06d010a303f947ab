import { byteSizeText, sizeChangeText } from '../../wasm-core/protocol/figures.ts';
import type { PluginStateParams } from '../../wasm-core/protocol/lsp.ts';

/** A line about a plugin that was compiled: `slug: 1.2 KB (-120 B), loaded`, or why it was not. */
export function compiledText({ name, state, size, message }: PluginStateParams): string {
  if (state === 'failed') return `${name} did not compile: ${message ?? 'see Problems'}`;
  if (size === undefined) return `${name}: loaded`;
  const change = sizeChangeText(size.byteLength, size.before);
  return `${name}: ${byteSizeText(size.byteLength)}${change === '' ? '' : ` (${change})`}, loaded`;
}
