import type { FunctionCost, StatementCost } from '../protocol/statement-cost.ts';
import type { BenchmarkFigures, RunFigures } from '../protocol/summary.ts';

/** How many functions are remembered, those called last. */
const KEPT_FUNCTIONS = 1_000;

interface Figures {
  readonly lastRun?: RunFigures;
  readonly benchmark?: BenchmarkFigures;
}

/** What the plugin functions of a session did last, each by itself; functions of one name are one. */
export class FunctionFigures {
  readonly #known = new Map<string, Figures>();

  /** Takes note of a statement that ran. @param atMs when it ended, milliseconds since 1970 */
  ran({ functions = [] }: StatementCost, atMs: number): void {
    for (const [name, total] of totals(functions)) this.#set(name, { lastRun: { ...total, atMs } });
  }

  /** Takes note of a benchmark. @param costs of its measured runs */
  benchmarked(costs: readonly StatementCost[], atMs: number): void {
    const all = costs.flatMap(({ functions = [] }) => functions);
    for (const [name, total] of totals(all))
      this.#set(name, { benchmark: { ...total, runs: costs.length, atMs } });
  }

  /** What is known of a function. @param name in any case */
  of(name: string): Figures {
    return this.#known.get(name.toLowerCase()) ?? {};
  }

  #set(name: string, figures: Figures): void {
    const known = this.#known.get(name);
    this.#known.delete(name);
    this.#known.set(name, { ...known, ...figures });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT_FUNCTIONS && oldest !== undefined) this.#known.delete(oldest);
  }
}

function totals(costs: readonly FunctionCost[]) {
  const found = new Map<string, { readonly rows: number; readonly micros: number; readonly fuel: number }>();
  for (const { name, rows, micros, fuel } of costs) {
    const key = name.toLowerCase();
    const known = found.get(key) ?? { rows: 0, micros: 0, fuel: 0 };
    found.set(key, { rows: known.rows + rows, micros: known.micros + micros, fuel: known.fuel + fuel });
  }
  // One that met no row has no figures for a row.
  return [...found].filter(([, { rows }]) => rows > 0);
}
