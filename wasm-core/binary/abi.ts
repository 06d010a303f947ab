import type { ErrorKind } from '../protocol/errors.ts';
import type { PluginFunction, PluginManifest, ValueType } from '../protocol/plugins.ts';
import type { WasmModule } from './reader.ts';
export type ProcessForm = 'prefixed' | 'packed' | 'output_len';
export interface AbiProblem {
  readonly code: ErrorKind;
  readonly message: string;
  readonly function?: string;
  readonly import?: string;
}
export interface AvailableImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'memory';
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}
export declare const AVAILABLE_IMPORTS: readonly AvailableImport[];
export declare function coreSignature(fn: PluginFunction): { parameters: ValueType[]; results: ValueType[] };
export declare function checkAbi(module: WasmModule, manifest: PluginManifest | undefined): AbiProblem[];
export declare function processForm(module: WasmModule): ProcessForm | undefined;
