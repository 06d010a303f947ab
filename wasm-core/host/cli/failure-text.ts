import type { CoreError } from '../../protocol/errors.ts';
import { visible } from './text-table.ts';

/** So many of a guest's functions are shown. */
const MAX_FRAMES = 10;

/**
 * What is to be said under the message of a plugin's error: the functions that were under way, where their source lines
 * are known, and how to make the call once more.
 *
 * @returns lines without LF; none for other errors
 */
export function failureLines({ details }: CoreError): string[] {
  const frames = framesOf(details.frames);
  const isPlaced = frames.some((frame) => frame.place !== '');
  const shown = isPlaced ? frames.slice(0, MAX_FRAMES) : [];
  const rest = isPlaced ? frames.length - shown.length : 0;
  return [
    ...shown.map(({ name, place }) => visible(`  at ${name}${place}`)),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(typeof details.replay === 'string' ? [`quern replay ${details.replay} reproduces this call`] : []),
  ];
}

/** `place` is ` (file:line:column)`, or empty. */
function framesOf(value: unknown): { readonly name: string; readonly place: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('name' in item)) return [];
    const { file, line, column } = item as { file?: unknown; line?: unknown; column?: unknown };
    const isKnown = typeof file === 'string' && typeof line === 'number';
    return [{ name: String(item.name), place: isKnown ? ` (${file}:${line}:${String(column)})` : '' }];
  });
}
