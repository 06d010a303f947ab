import { GuestAbort } from './guest-errors.ts';

/** What host functions need of the instance that calls them. */
export interface ImportOwner {
  view(): Uint8Array;
  read(pointer: number, byteLength: number): Uint8Array;
}

/** The longest line that a guest can log, in bytes; the rest is cut off. */
export const MAX_LOG_LINE_BYTES = 8192;

/** How many lines an instance can log; the rest is dropped. */
export const MAX_LOG_LINES = 1000;

/** The functions of `AVAILABLE_IMPORTS` for one instance. They may throw CoreErrors through the guest's frames. */
export function guestImports(owner: ImportOwner, onLog: ((line: string) => void) | undefined) {
  let lines = 0;
  const log = (pointer: number, byteLength: number): void => {
    const bytes = owner.read(pointer, byteLength);
    lines++;
    if (onLog === undefined || lines > MAX_LOG_LINES) return;
    const cut = bytes.byteLength > MAX_LOG_LINE_BYTES;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, MAX_LOG_LINE_BYTES));
    onLog(cut ? `${text}…` : text);
    if (lines === MAX_LOG_LINES) onLog(`(only the first ${MAX_LOG_LINES} lines are kept)`);
  };
  const abort = (message: number, file: number, line: number, column: number): never => {
    throw new GuestAbort({
      text: assemblyScriptText(owner.view(), message),
      file: assemblyScriptText(owner.view(), file),
      line: line >>> 0,
      column: column >>> 0,
    });
  };
  return { host: { log }, env: { abort } };
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
