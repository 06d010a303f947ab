import type { ModuleExport, ModuleImport, ValueType } from '../protocol/plugins.ts';
export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}
export interface MemoryLimits {
  readonly initialPages: number;
  readonly maximumPages?: number;
}
export interface CustomSection {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}
export interface Section {
  readonly id: number;
  readonly start: number;
  readonly payloadStart: number;
  readonly end: number;
}
export type WasmImport = ModuleImport & {
  readonly type?: FunctionType;
  readonly limits?: MemoryLimits;
  readonly start: number;
  readonly end: number;
};
export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly WasmImport[];
  readonly functions: readonly FunctionType[];
  readonly exports: readonly ModuleExport[];
  readonly memories: readonly MemoryLimits[];
  readonly customSections: readonly CustomSection[];
  readonly start?: number;
}
export declare function readModule(bytes: Uint8Array): WasmModule;
