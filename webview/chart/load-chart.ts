import type { drawChart } from './draw-chart.ts';

/** What draws charts. */
export interface ChartModule {
  readonly drawChart: typeof drawChart;
}

/** Counts from the page's script. No literal where it is imported: it is a file of the build, and none of ours. */
const ADDRESS = './chart.js';

/**
 * Loads what draws charts, which pages without charts do without: a script of its own, beside the page's. The page's
 * policy allows it, since what a script with the nonce imports has the nonce too.
 *
 * @throws TypeError when the extension's files are gone
 */
export async function loadChart(): Promise<ChartModule> {
  return (await import(ADDRESS)) as ChartModule;
}
