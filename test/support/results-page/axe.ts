import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with what a page shows.
 *
 * @param state says in each fault what the page showed
 */
export async function faultsOf({ page }: { readonly page: Page }, state: string): Promise<string[]> {
  // An expression, not a script element: the page's policy holds for the latter.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${state}, ${id}: ${node.html.slice(0, 160)}`),
  );
}
