import type { WasmProducer } from '../../protocol/wasm-viewer.ts';
import { ByteReader } from '../byte-reader.ts';
import { SECTION } from '../wasm-module.ts';
import { leniently } from './leniently.ts';
import type { ModuleOutline } from './module-outline.ts';
import { customContent } from './read-outline.ts';

/**
 * The tools that made a module: https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md. Of a
 * section that is broken, what stands before the fault counts.
 */
export function readProducers({ bytes, sections }: ModuleOutline): WasmProducer[] {
  const producers: WasmProducer[] = [];
  const section = sections.find((s) => s.id === SECTION.custom && s.name === 'producers');
  if (section === undefined) return producers;
  const { start, end } = customContent(bytes, section);
  const reader = new ByteReader(bytes, start, end);
  leniently(() => {
    for (let fields = reader.u32(); fields > 0; fields--) {
      const field = reader.name({ lossy: true });
      for (let values = reader.u32(); values > 0; values--) {
        producers.push({ field, name: reader.name({ lossy: true }), version: reader.name({ lossy: true }) });
      }
    }
  });
  return producers;
}
