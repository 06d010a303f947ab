import type { MemoryLimits } from './reader.ts';
export declare function importMemory(bytes: Uint8Array): { bytes: Uint8Array; memory?: MemoryLimits };
