import type { Methods } from '../context.ts';
import { readParams } from '../params.ts';

/** `events/subscribe`. */
export function eventMethods(): Methods<'events/subscribe'> {
  return {
    'events/subscribe': (value, { client }) => {
      readParams(value, []);
      client.subscribe();
      return {};
    },
  };
}
