import type { FunctionLimits } from '../protocol/limits.ts';
import type { ModuleInfo } from '../protocol/methods.ts';
import type { Capability, PluginFunction } from '../protocol/plugins.ts';
import type { WorkspaceSettings } from '../protocol/workspace-file.ts';
import { runCapabilities, type WorkspaceGrants } from '../runtime/grants.ts';
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

/** What workspace files say of the modules and functions of a session. */
export interface SessionSettings extends WorkspaceGrants {
  /** What a file grants to a module's name, and its lock file does not allow to its bytes. */
  withheldFor(namespace: string, name: string, digest: string): readonly Capability[];
  /** Limits of a function by its name, in a folder; undefined without. */
  limitsFor(namespace: string, functionName: string): FunctionLimits | undefined;
  /** The database that a folder's sessions have, a path from the folder; undefined without. */
  databaseFor(folder: string): string | undefined;
  /** All that a folder's file says. */
  settingsOf(folder: string): WorkspaceSettings;
  /** Changes when what is said of a namespace does. */
  stateOf(namespace: string): string;
}

/** What a session is made of: where functions come from, the most important namespace first. */
export interface SessionSources {
  readonly registry: Registry;
  readonly order: LoadOrder;
  readonly namespaces: readonly string[];
  /** Whose `quern.json` applies. */
  readonly folder: string;
  readonly settings: SessionSettings;
  /** Told of functions that are hidden within one namespace, and of modules that cannot be used. */
  readonly warn: (message: string) => void;
}

/**
 * The functions that a session offers.
 *
 * Of two modules with functions of one name the earlier namespace has its way, and within a namespace the module loaded
 * last.
 */
export async function pluginsOf(options: SessionSources): Promise<SessionPlugin[]> {
  const chosen = new Map<string, ModuleRecord>();
  for (const namespace of [...options.namespaces].reverse()) {
    for (const record of options.order.sorted(options.registry.list(namespace))) {
      for (const name of new Set(record.info.functions.map((fn) => fn.name))) {
        const hidden = chosen.get(name)?.info;
        if (hidden && hidden.namespace === namespace) options.warn(hiding(name, record, hidden));
        chosen.set(name, record);
      }
    }
  }
  return compileChosen(chosen, options);
}

/** All modules of a session's namespaces. */
export function modulesOf(options: Pick<SessionSources, 'registry' | 'namespaces'>): ModuleInfo[] {
  return options.namespaces.flatMap((namespace) => options.registry.list(namespace).map(({ info }) => info));
}

async function compileChosen(
  chosen: ReadonlyMap<string, ModuleRecord>,
  options: SessionSources,
): Promise<SessionPlugin[]> {
  const plugins: SessionPlugin[] = [];
  for (const record of new Set(chosen.values())) {
    const { info } = record;
    const functions = info.functions.filter((fn) => chosen.get(fn.name) === record);
    try {
      plugins.push({
        compiled: await options.registry.compiled(record),
        functions,
        capabilities: [...runCapabilities(info, inFolder(options))],
        withheld: options.settings.withheldFor(options.folder, info.name, info.digest),
        limits: limitsOf(functions, options),
        info,
      });
    } catch (error) {
      options.warn(error instanceof Error ? error.message : String(error));
    }
  }
  return plugins;
}

/** Grants are those of the session's folder, wherever a module comes from. */
function inFolder({ settings, folder }: Pick<SessionSources, 'settings' | 'folder'>): WorkspaceGrants {
  return { grantsFor: (_, name, digest) => settings.grantsFor(folder, name, digest) };
}

function limitsOf(
  functions: readonly PluginFunction[],
  { settings, folder }: Pick<SessionSources, 'settings' | 'folder'>,
): Record<string, FunctionLimits> {
  const limits: Record<string, FunctionLimits> = {};
  for (const { name } of functions) {
    const own = settings.limitsFor(folder, name);
    if (own !== undefined) limits[name] = own;
  }
  return limits;
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
