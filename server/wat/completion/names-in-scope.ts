import type { WatDefinition } from '../names/names.ts';
import { nameOf } from '../names/names.ts';
import type { IndexSpace, WatForm } from '../syntax/tree.ts';
import type { WatCursor } from './wat-cursor.ts';

/** What a name in a space may mean at a position; of labels the innermost first, and those that others hide left out. */
export function namesInScope(
  { names, field, path, offset }: WatCursor,
  space: Exclude<IndexSpace, 'field'>,
): WatDefinition[] {
  const inSpace = names.definitions.filter((definition) => definition.space === space);
  if (space !== 'local' && space !== 'label') return inSpace;
  const own = inSpace.filter((definition) => definition.field === field);
  if (space === 'local') return own;
  const isAround = aroundPosition(path, offset);
  const around = own.filter(isAround).sort((a, b) => b.index - a.index);
  const seen = new Set<string>();
  const shown = around.filter(({ id }) => {
    if (id === undefined) return true;
    const isHidden = seen.has(nameOf(id));
    seen.add(nameOf(id));
    return !isHidden;
  });
  return shown.slice(0, MOST_LABELS);
}

/** Nobody branches out of more blocks, and an editor is slow to show them. */
const MOST_LABELS = 500;

/** The fields of the struct type that something names. */
export function fieldsOf({ names }: WatCursor, owner: { readonly start: number }): WatDefinition[] {
  const type = names.uses.find(({ token }) => token.start === owner.start)?.definition?.field;
  return names.definitions.filter(({ space, field }) => space === 'field' && field === type);
}

/** Tells of labels whether their blocks are around a position; looks things up, since there may be very many. */
function aroundPosition(path: readonly WatForm[], offset: number): (label: WatDefinition) => boolean {
  const places = new Map(path.map((form, index) => [form, index]));
  const beside = new Set(path.flatMap(({ items }) => items));
  return ({ block, span }) => {
    const word = block?.word;
    if (block === undefined || word === undefined || word.end >= offset) return false;
    const at = block.form === undefined ? undefined : places.get(block.form);
    if (at !== undefined) {
      const inside = path[at + 1]?.head ?? '';
      // What an if tests and where a try_table goes are outside of it.
      if (block.name === 'if') return inside === 'then' || inside === 'else';
      return !(block.name === 'try_table' && inside.startsWith('catch'));
    }
    if (block.form !== undefined) return false;
    // A block without its end goes on as far as what it stands in.
    const isUnclosed = span.end <= block.end;
    return isUnclosed ? beside.has(word) : offset <= span.end;
  };
}
