import { decodeUtf8 } from '../../binary/utf8.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { Capability } from '../../protocol/plugins.ts';
import type { HostFunctionOwner } from './owner.ts';

/** Fuel that each call of a host function costs; each byte that it moves costs 1 more. */
export const CALL_FUEL = 250;

/**
 * Begins a host function: charges for the call, and checks that it may be made.
 *
 * @param what `name` as the guest imports it, and the capability that it needs
 * @throws CoreError CAPABILITY_DENIED
 */
export function enter(
  owner: HostFunctionOwner,
  what: { readonly name: string; readonly capability?: Capability },
): void {
  owner.charge(CALL_FUEL);
  const { name, capability } = what;
  if (capability === undefined || owner.run.capabilities.has(capability)) return;
  const message = `The plugin called host.${name}, ${denial(owner, capability)}`;
  throw owner.fail(new CoreError('CAPABILITY_DENIED', message, { import: `host.${name}`, capability }));
}

function denial({ run }: HostFunctionOwner, capability: Capability): string {
  if (capability === 'state' && run.isStateless) {
    return 'but a function in SQL has no state: rows come in no set order. Keep state in an aggregate, or run the plugin with quern execute or a chain.';
  }
  if (run.withheld?.includes(capability)) {
    return `which needs the capability ${capability}: quern.json grants it, but quern.lock.json does not allow it to these bytes, since the plugin is new or has changed. Look at what changed; then allow it in the editor, or with quern lock --update.`;
  }
  return `which needs the capability ${capability}, and nobody granted it. Load the plugin with quern load FILE --grant ${capability}, or name ${capability} under "capabilities" in quern.json.`;
}

/**
 * Bytes that the guest named, not copied; they are not charged for.
 *
 * @param pointer i32, taken as unsigned
 * @param byteLength i32, taken as unsigned
 * @throws CoreError MEMORY_BOUNDS, which ends the run
 */
export function guestBytes(owner: HostFunctionOwner, pointer: number, byteLength: number): Uint8Array {
  try {
    return owner.read(pointer, byteLength);
  } catch (error) {
    throw ending(owner, error);
  }
}

/**
 * Text that the guest named, a copy; charged for.
 *
 * @param what names it in messages, such as `the key of host.get_state`
 * @throws CoreError RESULT_INVALID when it is not UTF-8, which ends the run
 */
export function guestText(owner: HostFunctionOwner, bytes: Uint8Array, what: string): string {
  owner.charge(bytes.byteLength);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  const message = `The plugin gave ${what} as ${bytes.byteLength} bytes that are not UTF-8. Encode it as UTF-8.`;
  throw owner.fail(new CoreError('RESULT_INVALID', message, { byteLength: bytes.byteLength }));
}

/**
 * Puts bytes into room that the guest gave, when they fit whole; charged for either way, since they had to be made.
 *
 * @param room from `guestBytes`, with no call into the guest since
 * @returns their length, for a guest to see whether they did
 */
export function giveBytes(owner: HostFunctionOwner, room: Uint8Array, bytes: Uint8Array): number {
  owner.charge(bytes.byteLength);
  if (bytes.byteLength <= room.byteLength) room.set(bytes);
  return bytes.byteLength;
}

/** Notes an error of ours as the end of the run; what the guest itself threw passes as it is. Use with `throw`. */
export function ending(owner: HostFunctionOwner, error: unknown): unknown {
  return error instanceof CoreError ? owner.fail(error) : error;
}
