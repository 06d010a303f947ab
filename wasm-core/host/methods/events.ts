import type { HostEventType } from '../../protocol/events.ts';
import { DEFAULT_EVENT_TYPES, EVENT_TYPES } from '../../protocol/events.ts';
import { JsonPlace } from '../../protocol/json-place.ts';
import type { Methods } from '../context.ts';
import { isAbsent, type Params, readParams, readStrings } from '../params.ts';

/** `events/subscribe`. */
export function eventMethods(): Methods<'events/subscribe'> {
  return {
    'events/subscribe': (value, { client }) => {
      client.subscribe(readTypes(readParams(value, ['types'])));
      return {};
    },
  };
}

function readTypes(params: Params): readonly HostEventType[] {
  if (isAbsent(params.types)) return DEFAULT_EVENT_TYPES;
  const place = new JsonPlace({ kind: 'PARAMS_INVALID', source: 'the params' }, 'types');
  return readStrings(params, 'types', { max: 100 }).map((type, index) =>
    place.item(index).word(type, EVENT_TYPES),
  );
}
