import path from 'node:path';
import type { LockedState, LockStatusResult } from '../../protocol/lock.ts';
import { LOCK_FILE, type LockedPlugin, type LockedPlugins } from '../../protocol/lock-file.ts';
import type { ModuleInfo } from '../../protocol/methods.ts';
import { CAPABILITIES, type Capability } from '../../protocol/plugins.ts';
import type { WorkspaceSettings } from '../../protocol/workspace-file.ts';

/** A folder with its files and modules. */
export interface LockedFolder {
  /** Absolute. */
  readonly folder: string;
  readonly settings: WorkspaceSettings;
  /** Undefined without a lock file. */
  readonly locked: LockedPlugins | undefined;
  /** Those that lie elsewhere are passed over. */
  readonly modules: readonly ModuleInfo[];
}

/** How the plugins of a folder compare to its lock file, by path. */
export function lockStatus({ folder, settings, locked, modules }: LockedFolder): LockStatusResult {
  const plugins = modules.flatMap((info): LockedState[] => {
    const source = pathInside(folder, info.source);
    if (source === undefined) return [];
    return [stateOf(source, info, { settings, locked: locked?.get(source) })];
  });
  const present = new Set(plugins.map((plugin) => plugin.path));
  return {
    file: path.join(folder, LOCK_FILE),
    exists: locked !== undefined,
    plugins: plugins.sort((a, b) => (a.path < b.path ? -1 : 1)),
    gone: [...(locked?.keys() ?? [])].filter((name) => !present.has(name)),
  };
}

/** What the lock file has to say of a plugin for it to be as it is now. */
export function entryOf({ digest, needs, granted }: LockedState): LockedPlugin {
  return { digest, needs, granted };
}

function stateOf(
  source: string,
  info: ModuleInfo,
  { settings, locked }: { readonly settings: WorkspaceSettings; readonly locked: LockedPlugin | undefined },
): LockedState {
  const own = settings.capabilities.get(info.name) ?? [];
  const all = settings.capabilities.get('*') ?? [];
  const needs = info.capabilities.needed.filter(isKept);
  const granted = CAPABILITIES.filter(isKept).filter((name) => own.includes(name) || all.includes(name));
  // What everybody is granted asks nobody to look at who does not use it.
  const used = granted.filter((name) => own.includes(name) || needs.includes(name));
  const allowed = locked?.digest === info.digest ? locked.granted : [];
  return {
    path: source,
    module: info.name,
    namespace: info.namespace,
    digest: info.digest,
    needs,
    granted,
    ...(locked && { locked }),
    asks: used.filter((name) => !allowed.includes(name)),
    isLocked:
      locked?.digest === info.digest &&
      locked.needs.join() === needs.join() &&
      locked.granted.join() === granted.join(),
  };
}

/** Every module may log. */
function isKept(capability: Capability): boolean {
  return capability !== 'log';
}

function pathInside(folder: string, source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  const relative = path.relative(folder, source);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}
