import type { Page } from 'playwright-core';

/** What one uses a page with. */
const CONTROLS =
  'button, select, input, textarea, a[href], summary, [role=tab], [role=treeitem], [role=grid]';

/**
 * Which controls of a page a pointer cannot get at, by what they say: those that cannot be scrolled into view, or are
 * covered by something else. A page that is wider than its window is one, too.
 */
export async function outOfReach({ page }: { readonly page: Page }): Promise<string[]> {
  return await page.evaluate((controls) => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} pixels wide`] : [];
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      // What only a pointer or the keyboard in its header shows is covered for neither.
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { left, top, width, height } = control.getBoundingClientRect();
      const name = `${control.tagName} ${control.getAttribute('aria-label') ?? control.textContent}`.slice(
        0,
        60,
      );
      const isTall = control.getAttribute('role') === 'grid';
      const at = document.elementFromPoint(left + width / 2, isTall ? top + 30 : top + height / 2);
      const isHit =
        at !== null && (control.contains(at) || at.contains(control) || at.closest('label') !== null);
      if (!isHit) found.push(`${name} at ${Math.round(left)}, ${Math.round(top)}`);
      else if (left < -1 || left + Math.min(width, 40) > innerWidth + 1) found.push(`${name} is cut off`);
    }
    return found;
  }, CONTROLS);
}
