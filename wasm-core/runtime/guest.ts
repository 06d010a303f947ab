import type { CoreError } from '../protocol/errors.ts';
import type { CompiledModule } from './compiled-module.ts';
export interface GuestOptions {
  readonly memoryMb: number;
  readonly onLog?: (line: string) => void;
}
export declare class Guest {
  static create(compiled: CompiledModule, options: GuestOptions): Guest;
  readonly exports: Readonly<Record<string, WebAssembly.ExportValue>>;
  view(): Uint8Array;
  argumentBuffer(byteLength: number): number;
  function(name: string): WebAssembly.GuestFunction;
  read(pointer: number, byteLength: number): Uint8Array;
  pages(): number;
  toError(error: unknown, functionName: string): CoreError;
  dispose(): void;
}
