import type { WasmSizeNode } from '../../protocol/wasm-viewer.ts';
import { SECTION } from '../wasm-module.ts';
import type { Identifiers } from './identifiers.ts';
import { bodyOf, type ModuleOutline, type OutlineSection } from './module-outline.ts';

/** The largest parts of a section that are told one by one. */
const MAX_PARTS = 200;

/** What a file is made of, by size: sections, and in them functions and data segments, the largest ones. */
export function sizeTree(outline: ModuleOutline, identifiers: Identifiers): WasmSizeNode {
  const children = outline.sections
    .filter(({ start, end }) => end > start)
    .map((section) => sectionNode(section, outline, identifiers))
    .sort((a, b) => b.byteLength - a.byteLength);
  return { label: 'file', byteLength: Math.max(1, outline.bytes.byteLength), children };
}

function sectionNode(
  section: OutlineSection,
  outline: ModuleOutline,
  identifiers: Identifiers,
): WasmSizeNode {
  const byteLength = section.end - section.start;
  const node = {
    label: section.id === SECTION.custom ? `custom "${section.name}"` : section.name,
    byteLength,
  };
  if (outline.form !== 'module') return node;
  if (section.id === SECTION.code)
    return {
      ...node,
      children: withRest(functionNodes(outline, identifiers), byteLength, outline.functions.starts.length),
    };
  if (section.id === SECTION.data)
    return { ...node, children: withRest(dataNodes(outline, identifiers), byteLength, outline.data.length) };
  return node;
}

/** Parts with one for all that are not told of, in the order of their sizes. */
function withRest(parts: readonly WasmSizeNode[], byteLength: number, count: number): WasmSizeNode[] {
  const left = count - parts.length;
  if (left <= 0) return [...parts];
  const told = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const rest = {
    label: `${left.toLocaleString('en-US')} smaller ones`,
    byteLength: Math.max(1, byteLength - told),
  };
  return [...parts, rest].sort((a, b) => b.byteLength - a.byteLength);
}

function functionNodes(outline: ModuleOutline, identifiers: Identifiers): WasmSizeNode[] {
  const { importedCount } = outline.functions;
  return largest(outline.functions.starts.length, (own) => sizeOf(outline, own + importedCount)).map(
    (own) => {
      const index = own + importedCount;
      const label = identifiers.functionName(index) ?? `function ${index}`;
      return { label, byteLength: Math.max(1, sizeOf(outline, index)), function: index };
    },
  );
}

function dataNodes({ data }: ModuleOutline, identifiers: Identifiers): WasmSizeNode[] {
  const sizeAt = (index: number) => (data[index]?.end ?? 0) - (data[index]?.start ?? 0);
  return largest(data.length, sizeAt).map((index) => ({
    label: `data ${identifiers.reference('data', index)}`,
    byteLength: Math.max(1, sizeAt(index)),
  }));
}

function sizeOf(outline: ModuleOutline, index: number): number {
  const body = bodyOf(outline, index);
  return body === undefined ? 0 : body.end - body.start;
}

/** The indices with the largest sizes, largest first. */
function largest(count: number, sizeOf: (index: number) => number): number[] {
  const sizes = Float64Array.from({ length: count }, (_, index) => sizeOf(index));
  const limit = [...sizes.slice().sort().subarray(-MAX_PARTS)][0] ?? 0;
  const found: number[] = [];
  for (let index = 0; index < count; index++) if ((sizes[index] ?? 0) >= limit) found.push(index);
  return found.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).slice(0, MAX_PARTS);
}
