import type { WatForm, WatItem, WatSyntax } from '../syntax/tree.ts';

/**
 * The forms around a position, the outermost first. A form without its parenthesis goes on up to what follows it, so that
 * a position behind what is half typed is in it.
 */
export function formsAround({ items }: Pick<WatSyntax, 'items'>, offset: number): WatForm[] {
  const path: WatForm[] = [];
  for (let inside: readonly WatItem[] = items; ; ) {
    const form = inside.findLast((item) => item.kind === 'form' && item.open.end <= offset);
    if (form?.kind !== 'form' || (form.close !== undefined && form.close.start < offset)) return path;
    path.push(form);
    inside = form.items;
  }
}
