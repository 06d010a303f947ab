import type { PluginManifest } from '../protocol/plugins.ts';
import type { WasmModule } from './reader.ts';
export declare function parseManifest(text: string, options: { readonly source: string }): PluginManifest;
export declare function readManifest(module: WasmModule): PluginManifest | undefined;
export declare function writeManifest(bytes: Uint8Array, manifest: PluginManifest): Uint8Array;
