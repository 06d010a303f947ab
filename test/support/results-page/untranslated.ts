import type { Page } from 'playwright-core';

/** What a reader of the page sees or hears outside of data. */
const READ_ATTRIBUTES = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'];

/**
 * The texts of a page in the language `BRACKETED` that have words outside of brackets. Data of a test counts as
 * translated when it has no Latin letters; so do words in capitals, such as types of SQL.
 */
export async function untranslated({ page }: { readonly page: Page }): Promise<string[]> {
  const texts = await page.evaluate((attributes) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest('script') === null) found.push(node.textContent ?? '');
    }
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of attributes) found.push(element.getAttribute(name) ?? '');
    }
    return found;
  }, READ_ATTRIBUTES);
  return texts.filter((text) => /[a-z]{3,}/.test(outsideBrackets(text)));
}

/** A text without what is in brackets, which may hold others. */
function outsideBrackets(text: string): string {
  const inner = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return inner === text ? text : outsideBrackets(inner);
}
