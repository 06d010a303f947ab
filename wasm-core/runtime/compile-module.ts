import type { CompiledModule } from './compiled-module.ts';
export declare function compileModule(options: {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly name: string;
}): Promise<CompiledModule>;
