import { CoreError } from '../../protocol/errors.ts';
import { MAX_STATE_KEY_BYTES } from '../state/state-limits.ts';
import { ending, enter, giveBytes, guestBytes, guestText } from './access.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** The length of a value that `set_state` takes as: take the key away. */
const DELETE = -1;

/** `get_state`, `get_state_into` and `set_state`, for modules with the capability `state`. */
export function stateFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    get_state: (keyPointer: number, keyLength: number): number => {
      enter(owner, GET_STATE);
      const value = owner.run.state.get(readKey(owner, GET_STATE.name, keyPointer, keyLength));
      return value === undefined ? 0 : placeValue(owner, value);
    },
    get_state_into: (keyPointer: number, keyLength: number, pointer: number, capacity: number): number => {
      enter(owner, GET_STATE_INTO);
      const room = guestBytes(owner, pointer, capacity);
      const value = owner.run.state.get(readKey(owner, GET_STATE_INTO.name, keyPointer, keyLength));
      return value === undefined ? -1 : giveBytes(owner, room, value);
    },
    set_state: (keyPointer: number, keyLength: number, pointer: number, byteLength: number): void => {
      enter(owner, SET_STATE);
      const value = byteLength === DELETE ? undefined : guestBytes(owner, pointer, byteLength);
      const key = readKey(owner, SET_STATE.name, keyPointer, keyLength);
      try {
        // Charged afterwards: a value that is too long is refused without a copy, and for its length.
        owner.run.state.set(key, value);
      } catch (error) {
        throw ending(owner, error);
      }
      owner.charge(value?.byteLength ?? 0);
    },
  };
}

const GET_STATE = { name: 'get_state', capability: 'state' } as const;
const GET_STATE_INTO = { name: 'get_state_into', capability: 'state' } as const;
const SET_STATE = { name: 'set_state', capability: 'state' } as const;

function readKey(owner: HostFunctionOwner, name: string, pointer: number, byteLength: number): string {
  const bytes = guestBytes(owner, pointer, byteLength);
  if (bytes.byteLength >= 1 && bytes.byteLength <= MAX_STATE_KEY_BYTES) {
    return guestText(owner, bytes, `the key of host.${name}`);
  }
  const message = `The plugin called host.${name} with a key of ${bytes.byteLength} bytes. A key has 1 to ${MAX_STATE_KEY_BYTES} bytes of UTF-8.`;
  throw owner.fail(new CoreError('STATE_LIMIT', message, { byteLength: bytes.byteLength }));
}

/** Puts a value behind its length where the guest's `alloc` says. */
function placeValue(owner: HostFunctionOwner, value: Uint8Array): number {
  const byteLength = LENGTH_BYTES + value.byteLength;
  owner.charge(byteLength);
  let pointer: number;
  try {
    pointer = owner.alloc(byteLength);
  } catch (error) {
    throw ending(owner, error);
  }
  // Only now: `alloc` is the guest's code, which may have grown the memory or called us again. The value is safe from
  // it, since values of a state are replaced and never changed.
  const room = guestBytes(owner, pointer, byteLength);
  new DataView(room.buffer, room.byteOffset, byteLength).setUint32(0, value.byteLength, true);
  room.set(value, LENGTH_BYTES);
  return pointer;
}

const LENGTH_BYTES = 4;
