import { encodeUtf8 } from '../../binary/utf8.ts';
import { enter, giveBytes, guestBytes } from './access.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** `config`, which every module may use: it is input, as the arguments are. */
export function configFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    config: (pointer: number, capacity: number): number => {
      enter(owner, { name: 'config' });
      const room = guestBytes(owner, pointer, capacity);
      const { config } = owner.run;
      return config === undefined ? -1 : giveBytes(owner, room, encodeUtf8(config));
    },
  };
}
