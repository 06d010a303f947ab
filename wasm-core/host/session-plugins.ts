import type { PluginFunction } from '../protocol/plugins.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';
import type { SessionPlugin } from '../sql/engine.ts';

/** In which order modules were loaded under their names, since the host started. */
export class LoadOrder {
  readonly #ranks = new Map<string, number>();
  #last = 0;

  /** Notes that a module was loaded just now. */
  note(record: ModuleRecord): void {
    this.#ranks.set(keyOf(record), ++this.#last);
  }

  forget(record: ModuleRecord): void {
    this.#ranks.delete(keyOf(record));
  }

  /** Records from the one loaded first to the one loaded last; those of earlier hosts by the time of their loading. */
  sorted(records: readonly ModuleRecord[]): ModuleRecord[] {
    const rank = (record: ModuleRecord): number => this.#ranks.get(keyOf(record)) ?? 0;
    return [...records].sort(
      (a, b) =>
        rank(a) - rank(b) || compare(a.info.loadedAt, b.info.loadedAt) || compare(a.info.name, b.info.name),
    );
  }
}

/**
 * The functions that a session offers.
 *
 * Of two functions of one name the earlier namespace has its way, and within a namespace the module loaded last.
 *
 * @param options.warn told of functions that are hidden within one namespace, and of modules that cannot be used
 */
export async function pluginsOf(options: {
  readonly registry: Registry;
  readonly order: LoadOrder;
  readonly namespaces: readonly string[];
  readonly warn: (message: string) => void;
}): Promise<SessionPlugin[]> {
  const chosen = new Map<string, { readonly record: ModuleRecord; readonly fn: PluginFunction }>();
  for (const namespace of [...options.namespaces].reverse()) {
    for (const record of options.order.sorted(options.registry.list(namespace))) {
      for (const fn of record.info.functions) {
        const hidden = chosen.get(fn.name)?.record.info;
        if (hidden && hidden.namespace === namespace) options.warn(hiding(fn.name, record, hidden));
        chosen.set(fn.name, { record, fn });
      }
    }
  }
  return compileChosen([...chosen.values()], options);
}

async function compileChosen(
  chosen: readonly { readonly record: ModuleRecord; readonly fn: PluginFunction }[],
  options: { readonly registry: Registry; readonly warn: (message: string) => void },
): Promise<SessionPlugin[]> {
  const functions = new Map<ModuleRecord, PluginFunction[]>();
  for (const { record, fn } of chosen) functions.set(record, [...(functions.get(record) ?? []), fn]);
  const plugins: SessionPlugin[] = [];
  for (const [record, own] of functions) {
    try {
      plugins.push({ compiled: await options.registry.compiled(record), functions: own });
    } catch (error) {
      options.warn(error instanceof Error ? error.message : String(error));
    }
  }
  return plugins;
}

function hiding(name: string, record: ModuleRecord, hidden: { readonly name: string }): string {
  return `Both ${hidden.name} and ${record.info.name} have a function ${name}; the one of ${record.info.name}, loaded last, is used.`;
}

function keyOf({ info }: ModuleRecord): string {
  return JSON.stringify([info.namespace, info.name]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
