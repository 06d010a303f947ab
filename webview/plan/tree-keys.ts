/** A line of a tree, as keys know it. */
interface TreeLine<Item> {
  readonly parent: Item | undefined;
  readonly children: readonly Item[];
}

/** What a key does. */
export type TreeStep<Item> = { readonly type: 'go' | 'toggle'; readonly item: Item };

/**
 * What a key does in a tree: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/#keyboardinteraction.
 *
 * @param options.lines those that are shown, from the top
 * @param options.at the line with the focus
 * @returns undefined for keys that mean nothing here
 */
export function treeStep<Item extends TreeLine<Item>>(
  key: string,
  options: { readonly lines: readonly Item[]; readonly at: Item; readonly isOpen: (item: Item) => boolean },
): TreeStep<Item> | undefined {
  const { lines, at, isOpen } = options;
  const index = lines.indexOf(at);
  const go = (item: Item | undefined): TreeStep<Item> => ({ type: 'go', item: item ?? at });
  switch (key) {
    case 'ArrowDown':
      return go(lines[index + 1]);
    case 'ArrowUp':
      return go(lines[index - 1]);
    case 'Home':
      return go(lines[0]);
    case 'End':
      return go(lines.at(-1));
    case 'ArrowRight':
      return at.children.length > 0 && !isOpen(at) ? { type: 'toggle', item: at } : go(at.children[0]);
    case 'ArrowLeft':
      return at.children.length > 0 && isOpen(at) ? { type: 'toggle', item: at } : go(at.parent);
    default:
      return undefined;
  }
}
