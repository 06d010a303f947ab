import type { FromBenchPage } from '../../wasm-core/protocol/bench-page.ts';

/** Longer texts are no report but a fault, UTF-16 code units. */
const MAX_MARKDOWN = 4 * 1024 * 1024;
const MAX_SVG = 16 * 1024 * 1024;

/**
 * Checks a message that came from the page of benchmarks.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromBenchPage(value: unknown): FromBenchPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, target, text, svg } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'cancel':
    case 'runAgain':
    case 'saveBaseline':
    case 'compare':
    case 'scale':
      return { type };
    case 'reveal':
      return Number.isSafeInteger(target) && Number(target) >= 0
        ? { type, target: Number(target) }
        : undefined;
    case 'copy':
      return typeof text === 'string' && text.length <= MAX_MARKDOWN ? { type, text } : undefined;
    case 'exportSvg':
      return typeof svg === 'string' && svg.startsWith('<svg ') && svg.length <= MAX_SVG
        ? { type, svg }
        : undefined;
    default:
      return undefined;
  }
}
