import { CoreError } from '../../protocol/errors.ts';
import type { LockedState, LockStatusResult } from '../../protocol/lock.ts';
import { formatLockFile } from '../../protocol/lock-file.ts';
import type { HostContext, Methods } from '../context.ts';
import { entryOf, lockStatus } from '../lock/lock-status.ts';
import { writeTextFile } from '../lock/write-text-file.ts';
import { invalid, isAbsent, type Params, readAbsolutePath, readParams, readStrings } from '../params.ts';

const MEMBERS = ['folder', 'namespaces'];

/** `lock/status` and `lock/update`. */
export function lockMethods(context: HostContext): Methods<'lock/status' | 'lock/update'> {
  return {
    'lock/status': (value) => status(context, readParams(value, MEMBERS)),
    'lock/update': async (value) => {
      const params = readParams(value, [...MEMBERS, 'plugins']);
      const isAll = isAbsent(params.plugins);
      const before = status(context, params, isAll ? 'anew' : 'asItIs');
      const chosen = isAll ? undefined : choose(before, params.plugins);
      // Of some alone, the others stay as they are, what is gone included.
      const folder = readAbsolutePath(params, 'folder');
      const entries = new Map(isAll ? [] : context.workspaceFiles.lockOf(folder));
      for (const plugin of chosen ?? before.plugins) entries.set(plugin.path, entryOf(plugin));
      await writeTextFile(before.file, formatLockFile(entries));
      context.workspaceFiles.forget(folder);
      return status(context, params);
    },
  };
}

/** @param use `anew`: a lock file that is broken counts as one that says nothing */
function status(
  { registry, workspaceFiles }: HostContext,
  params: Params,
  use: 'asItIs' | 'anew' = 'asItIs',
): LockStatusResult {
  const folder = readAbsolutePath(params, 'folder');
  const namespaces = isAbsent(params.namespaces) ? [folder] : readStrings(params, 'namespaces');
  return lockStatus({
    folder,
    settings: workspaceFiles.settingsOf(folder),
    locked: use === 'anew' ? orNothing(() => workspaceFiles.lockOf(folder)) : workspaceFiles.lockOf(folder),
    modules: namespaces.flatMap((namespace) => registry.list(namespace).map(({ info }) => info)),
  });
}

function orNothing<T>(read: () => ReadonlyMap<string, T> | undefined): ReadonlyMap<string, T> | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CoreError && error.kind === 'FORMAT_WORKSPACE') return new Map();
    throw error;
  }
}

/** The plugins that a request names, as they were looked at. */
function choose({ plugins }: LockStatusResult, value: unknown): LockedState[] {
  if (!Array.isArray(value)) throw invalid('plugins must be an array of {"path", "digest"}.');
  return value.map((item: unknown) => {
    const { path, digest } = (typeof item === 'object' && item !== null ? item : {}) as Params;
    const found = plugins.find((plugin) => plugin.path === path);
    if (found === undefined) {
      throw invalid(`There is no plugin ${JSON.stringify(path)} in the folder; load it first.`);
    }
    if (found.digest === digest) return found;
    const message = `${found.path} has changed again since it was looked at. Look at it once more, then allow it.`;
    throw new CoreError('LOCK_MISMATCH', message, { path: found.path, digest: found.digest });
  });
}
