import { enter, guestBytes } from './access.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** `random`, for modules with the capability `random`. */
export function randomFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    random: (pointer: number, byteLength: number): void => {
      enter(owner, RANDOM);
      const room = guestBytes(owner, pointer, byteLength);
      owner.charge(room.byteLength);
      owner.run.random.fill(room);
    },
  };
}

const RANDOM = { name: 'random', capability: 'random' } as const;
