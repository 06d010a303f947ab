import { WASI_MODULE } from '../binary/wasi-imports.ts';
import type { CompiledModule } from './compiled-module.ts';
import { GuestAbort } from './guest-errors.ts';
import { hostFunctions } from './host-functions/host-functions.ts';
import type { HostFunctionOwner, HostFunctions } from './host-functions/owner.ts';
import { wasiFunctions } from './wasi/wasi-functions.ts';
import type { WasiIo } from './wasi/wasi-io.ts';

/**
 * What an instance imports beside its memory, by import module: no more than it asks for.
 *
 * @param io standard input and output, for a module that imports WASI
 */
export function guestImports(
  owner: HostFunctionOwner,
  options: { readonly wanted: readonly { readonly module: string }[]; readonly io: WasiIo | undefined },
): Record<string, HostFunctions> {
  const { wanted, io } = options;
  const wants = (module: string): boolean => wanted.some((given) => given.module === module);
  return {
    ...(wants('host') && { host: hostFunctions(owner) }),
    ...(wants('env') && { env: assemblyScriptFunctions(owner) }),
    ...(io && { [WASI_MODULE]: wasiFunctions(owner, io) }),
  };
}

/** Whether a module imports WASI, of which nothing outlives a run. */
export function importsWasi({ imports }: CompiledModule): boolean {
  return imports.some(({ module }) => module === WASI_MODULE);
}

/** What AssemblyScript's runtime imports: https://www.assemblyscript.org/concepts.html#special-imports. */
function assemblyScriptFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    abort: (message: number, file: number, line: number, column: number): never => {
      throw owner.fail(
        new GuestAbort({
          text: assemblyScriptText(owner.view(), message),
          file: assemblyScriptText(owner.view(), file),
          line: line >>> 0,
          column: column >>> 0,
        }),
      );
    },
  };
}

const MAX_ABORT_UNITS = 2000;

/**
 * A string as AssemblyScript lays it out: UTF-16, its byte length in the four bytes before the pointer
 * (https://www.assemblyscript.org/runtime.html#memory-layout). Empty when the pointer does not name one: the text is
 * for a message only.
 */
function assemblyScriptText(view: Uint8Array, pointer: number): string {
  const start = pointer >>> 0;
  if (start < 4 || start > view.byteLength) return '';
  const memory = new DataView(view.buffer, view.byteOffset, view.byteLength);
  const byteLength = memory.getUint32(start - 4, true);
  if (start + byteLength > view.byteLength || byteLength % 2 !== 0) return '';
  const units = Math.min(byteLength / 2, MAX_ABORT_UNITS);
  let text = '';
  for (let i = 0; i < units; i++) text += String.fromCharCode(memory.getUint16(start + i * 2, true));
  return text;
}
