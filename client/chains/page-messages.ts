import { MAX_CHAIN_STEPS } from '../../wasm-core/protocol/chain-file.ts';
import type { FromChainPage } from '../../wasm-core/protocol/chain-page.ts';

/** Text beyond this is no input that somebody wrote, UTF-16 code units. */
const MAX_TEXT = 16 * 1024 * 1024;

/**
 * Checks a message that came from the chain page.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromChainPage(value: unknown): FromChainPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, from, step, text } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'cancel':
    case 'reveal':
      return { type };
    case 'run':
      if (!isStep(from) || !(text === undefined || isText(text))) return undefined;
      return { type, from, ...(text !== undefined && { text }) };
    case 'chooseInput':
      return isStep(step) ? { type, step } : undefined;
    case 'copy':
      return isText(text) ? { type, text } : undefined;
    default:
      return undefined;
  }
}

function isStep(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MAX_CHAIN_STEPS;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}
