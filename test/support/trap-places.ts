import assert from 'node:assert/strict';
import { sourceLines } from '../../wasm-core/binary/source-lines/source-lines.ts';

/**
 * Calls an export that traps, and places each of the module's functions on V8's stack.
 *
 * @returns `name file:line:column` from the innermost on; `name ?` for one without a place; ` (own file:line:column)`
 *   behind it where the author's own place is another
 */
export async function trapPlaces(
  bytes: Uint8Array,
  name: string,
  args: readonly unknown[],
  imports: WebAssembly.Imports = {},
): Promise<string[]> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes), imports);
  const frames = framesOf(errorOf(() => (instance.exports[name] as (...a: unknown[]) => unknown)(...args)));
  const found = sourceLines(
    bytes,
    frames.map((frame) => frame.offset),
  );
  return frames.map((frame, index) => {
    const { place, own } = found?.[index] ?? {};
    const shown = (p: typeof place) => (p === undefined ? '?' : `${p.file}:${p.line}:${p.column}`);
    const inside = shown(own) === shown(place) ? '' : ` (own ${shown(own)})`;
    return `${frame.name} ${shown(place)}${inside}`;
  });
}

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof Error);
    return error;
  }
  throw new Error('it did not trap');
}

function framesOf(error: Error): { readonly name: string; readonly offset: number }[] {
  const frame = /at (?:(\S+) \()?wasm:.*wasm-function\[(\d+)\]:0x([0-9a-f]+)/g;
  return [...(error.stack ?? '').matchAll(frame)].map((match) => ({
    name: match[1] ?? `function ${match[2]}`,
    offset: Number.parseInt(match[3] ?? '', 16),
  }));
}
