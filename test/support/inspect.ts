import { ModuleInspector } from '../../wasm-core/binary/inspect/inspector.ts';
import { moduleText } from '../../wasm-core/binary/inspect/module-text.ts';
import { readOutline } from '../../wasm-core/binary/inspect/read-outline.ts';
import type { WasmAnswers, WasmQuestion } from '../../wasm-core/protocol/wasm-viewer.ts';

/** The text of a whole module. */
export function textOf(bytes: Uint8Array): string {
  return [...moduleText(readOutline(bytes))].join('');
}

/** The sections of a module that are not custom, as hexadecimal digits by name. */
export function contentOf(bytes: Uint8Array): Record<string, string> {
  const sections = readOutline(bytes).sections.filter(({ id }) => id !== 0);
  return Object.fromEntries(
    sections.map(({ name, start, end }) => [name, Buffer.from(bytes.subarray(start, end)).toString('hex')]),
  );
}

/** An inspector whose answers are typed by the kind of the question. */
export function inspect(bytes: Uint8Array): {
  readonly inspector: ModuleInspector;
  ask<Q extends WasmQuestion>(question: Q): WasmAnswers[Q['kind']];
} {
  const inspector = new ModuleInspector(bytes);
  return {
    inspector,
    ask: <Q extends WasmQuestion>(question: Q) => inspector.answer(question) as WasmAnswers[Q['kind']],
  };
}
