import type { WasmCalls, WasmFunctionRef, WasmLine, WasmLines } from '../../../protocol/wasm-viewer.ts';
import { visible } from '../text-table.ts';

/** Deeper blocks are not indented further. */
const MAX_INDENT = 40;

/** How a function begins: its heading, and its locals. */
export function headingText({ heading, locals }: WasmLines): string {
  return locals === '' ? `${heading}\n` : `${heading}\n${' '.repeat(10)}${locals}\n`;
}

/** An instruction behind the place of its first byte, in hexadecimal digits. */
export function lineText({ offset, depth, text }: WasmLine): string {
  return `${offset.toString(16).padStart(8, '0')}  ${'  '.repeat(Math.min(depth, MAX_INDENT))}${text}\n`;
}

/** Whom a function calls and who calls it, in a few lines. */
export function callsText(calls: WasmCalls): string {
  const { callees, calleeCount, callers, callerCount, indirect, isInTable, reachable } = calls;
  return [
    listText('calls', callees, calleeCount),
    ...indirect.map(({ type, functions, total }) => listText(`may call, as ${type},`, functions, total)),
    listText('is called by', callers, callerCount),
    ...(isInTable ? [';; a table may hold it'] : []),
    `;; reaches ${reachable.functionCount} functions of ${reachable.byteLength} bytes`,
  ]
    .map((line) => `${visible(line)}\n`)
    .join('');
}

/** Names in one line beyond this are counted. */
const MAX_NAMES = 20;

function listText(what: string, functions: readonly WasmFunctionRef[], total: number): string {
  if (total === 0) return `;; ${what} nothing`;
  const names = functions.slice(0, MAX_NAMES).map(({ index, name }) => name ?? `function ${index}`);
  const more = total > names.length ? ` and ${total - names.length} more` : '';
  return `;; ${what} ${names.join(', ')}${more}`;
}
