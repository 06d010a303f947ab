import type { FromResultsPage } from '../../wasm-core/protocol/webview.ts';

/** Text beyond this is no copy of cells but a fault, UTF-16 code units. */
const MAX_COPY = 256 * 1024 * 1024;

/**
 * Checks a message that came from the results page.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromPage(value: unknown): FromResultsPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, page, text } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'cancel':
    case 'revealError':
      return { type };
    case 'pull':
      if (typeof id !== 'string' || !Number.isSafeInteger(page) || Number(page) < 0) return undefined;
      return { type, id, page: Number(page) };
    case 'copy':
      return typeof text === 'string' && text.length <= MAX_COPY ? { type, text } : undefined;
    default:
      return undefined;
  }
}
