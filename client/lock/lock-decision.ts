import type { LockedState } from '../../wasm-core/protocol/lock.ts';

/** What is done about a plugin that was loaded: nothing, its entry follows its new bytes, or the user is asked. */
export type LockDecision = 'nothing' | 'follow' | 'ask';

/**
 * Decides what becomes of a plugin's entry in the lock file.
 *
 * @param options.exists whether there is a lock file
 * @param options.isOwnEdit whether the source was saved in this window: whoever writes a plugin is not asked at every save,
 *   as long as it gets nothing that was not allowed before
 */
export function decideLock(
  { asks, needs, locked }: Pick<LockedState, 'asks' | 'needs' | 'locked'>,
  { exists, isOwnEdit }: { readonly exists: boolean; readonly isOwnEdit: boolean },
): LockDecision {
  if (asks.length === 0) return 'nothing';
  if (!exists || locked === undefined || !isOwnEdit) return 'ask';
  const isWithin = [...asks, ...needs].every((capability) => locked.granted.includes(capability));
  return isWithin ? 'follow' : 'ask';
}
