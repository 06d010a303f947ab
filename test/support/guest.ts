import type { LogLine } from '../../wasm-core/protocol/plugins.ts';
import type { CompiledModule } from '../../wasm-core/runtime/compiled-module.ts';
import { Guest } from '../../wasm-core/runtime/guest.ts';
import { MemoryPool } from '../../wasm-core/runtime/memory-pool.ts';
import { NO_CONTEXT } from '../../wasm-core/runtime/run-context.ts';

/** An instance that has begun a run, with a memory pool of its own. */
export function beginGuest(
  compiled: CompiledModule,
  options: {
    readonly memoryMb?: number;
    readonly fuel?: number;
    readonly onLog?: (line: LogLine) => void;
  } = {},
): Guest {
  const { memoryMb = 1, fuel, onLog } = options;
  const guest = new Guest(compiled, { memoryMb, memories: new MemoryPool() });
  const context = { ...NO_CONTEXT, log: (level: LogLine['level'], text: string) => onLog?.({ level, text }) };
  guest.begin({ context, ...(fuel !== undefined && { fuel }) });
  return guest;
}
