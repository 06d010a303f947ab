import type { CopyFormat } from './copy-formats.ts';

/** What a key asks of a grid, beside moving about in it. */
export type GridCommand =
  | { readonly does: 'copy'; readonly format: CopyFormat }
  | { readonly does: 'find' | 'goToRow' | 'open' | 'columnMenu' | 'cellMenu' }
  | { readonly does: 'findNext'; readonly backwards: boolean }
  /** Makes the column wider or narrower. Pixels. */
  | { readonly does: 'widen'; readonly by: number }
  /** Moves the column by a place. */
  | { readonly does: 'move'; readonly by: number }
  | { readonly does: 'selectAll' | 'selectRows' | 'selectColumns' | 'collapse' };

/** A key as a KeyboardEvent tells of it. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Pixels of one press. */
const WIDTH_STEP = 16;

/** What a key asks for; undefined for one that asks for nothing. */
export function commandOf(event: PressedKey): GridCommand | undefined {
  const { key, shiftKey, altKey } = event;
  const isCommand = event.ctrlKey || event.metaKey;
  if (altKey) return isCommand ? undefined : withAlt(key, shiftKey);
  if (isCommand) return withControl(key.toLowerCase(), shiftKey);
  switch (key) {
    case 'F3':
      return { does: 'findNext', backwards: shiftKey };
    case 'Enter':
      return { does: 'open' };
    case 'ContextMenu':
      return { does: 'cellMenu' };
    case 'F10':
      return shiftKey ? { does: 'cellMenu' } : undefined;
    case 'Escape':
      return { does: 'collapse' };
    case ' ':
      return shiftKey ? { does: 'selectRows' } : undefined;
    default:
      return undefined;
  }
}

function withAlt(key: string, shiftKey: boolean): GridCommand | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step !== undefined)
    return shiftKey ? { does: 'move', by: step } : { does: 'widen', by: step * WIDTH_STEP };
  return key === 'ArrowDown' ? { does: 'columnMenu' } : undefined;
}

function withControl(key: string, shiftKey: boolean): GridCommand | undefined {
  switch (key) {
    case 'a':
      return { does: 'selectAll' };
    case 'c':
      return { does: 'copy', format: shiftKey ? 'tsvWithNames' : 'tsv' };
    case 'f':
      return { does: 'find' };
    case 'g':
      return { does: 'goToRow' };
    case ' ':
      return { does: 'selectColumns' };
    default:
      return undefined;
  }
}
