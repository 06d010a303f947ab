import type { ProcessForm } from '../binary/abi.ts';
import { assertNever } from '../protocol/assert-never.ts';
import { CoreError } from '../protocol/errors.ts';
import type { Guest } from './guest.ts';

/**
 * Runs the `process` export of a module: bytes in, bytes out.
 *
 * @param form from `processForm`
 * @param input copied into guest memory
 * @param maxOutputBytes checked before anything is copied out
 * @returns fresh bytes, owned by the caller
 * @throws CoreError GUEST_ERROR when it returns an error code, OUTPUT_LIMIT, MEMORY_BOUNDS, MEMORY_LIMIT, TRAP
 */
export function runProcess(
  guest: Guest,
  form: ProcessForm,
  input: Uint8Array,
  maxOutputBytes: number,
): Uint8Array {
  // One byte more, so that the pointer of empty input is still inside memory.
  const pointer = guest.argumentBuffer(input.byteLength + 1);
  guest.view().set(input, pointer);
  const raw = call(guest, 'process', [pointer, input.byteLength]);
  const { start, byteLength } = outputRange(guest, form, raw);
  if (byteLength > maxOutputBytes) {
    // A length past the end of memory is a wrong pointer rather than a large output.
    guest.read(start, byteLength);
    const message = `process returned ${byteLength} bytes, more than the ${maxOutputBytes} allowed. Raise limits.maxOutputBytes.`;
    throw new CoreError('OUTPUT_LIMIT', message, { byteLength, maxOutputBytes });
  }
  return guest.read(start, byteLength).slice();
}

interface Range {
  readonly start: number;
  readonly byteLength: number;
}

function outputRange(guest: Guest, form: ProcessForm, raw: number | bigint | undefined): Range {
  switch (form) {
    case 'packed': {
      const packed = typeof raw === 'bigint' ? raw : 0n;
      return {
        start: Number(BigInt.asUintN(32, packed >> 32n)),
        byteLength: Number(BigInt.asUintN(32, packed)),
      };
    }
    case 'output_len': {
      const start = pointerOf(raw);
      return { start, byteLength: Number(call(guest, 'output_len', [])) >>> 0 };
    }
    case 'prefixed': {
      const start = pointerOf(raw);
      const prefix = guest.read(start, PREFIX_BYTES);
      const byteLength = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES).getUint32(0, true);
      return { start: start + PREFIX_BYTES, byteLength };
    }
    case 'program':
      throw new Error('a program is run by runProgram');
    default:
      return assertNever(form);
  }
}

const PREFIX_BYTES = 4;

function pointerOf(raw: number | bigint | undefined): number {
  const code = Number(raw);
  if (code >= 0) return code;
  const message = `process returned the error code ${code}. The plugin's documentation says what it means.`;
  throw new CoreError('GUEST_ERROR', message, { code });
}

function call(guest: Guest, name: string, args: readonly number[]): number | bigint | undefined {
  try {
    return guest.function(name)(...args);
  } catch (error) {
    throw guest.toError(error, name);
  }
}
