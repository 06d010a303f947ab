import type { FromProfilePage } from '../../wasm-core/protocol/profile-page.ts';

/**
 * Checks a message that came from the profile page.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromProfilePage(value: unknown): FromProfilePage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, module, function: index } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'cancel':
      return { type };
    case 'reveal':
      return isIndex(module) && isIndex(index) ? { type, module, function: index } : undefined;
    default:
      return undefined;
  }
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
