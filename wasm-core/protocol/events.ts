import type { ErrorKind } from './errors.ts';
import type { ModuleInfo, Usage } from './methods.ts';

/*
 * `events/subscribe` and the notifications that follow it; `methods.ts` has the other requests.
 */

/** `events/subscribe`: from then on the connection gets `event` notifications; asking again changes which. */
export interface SubscribeParams {
  /** Event types, none of them unknown; absent: all but `called`. */
  readonly types?: readonly HostEventType[];
}
export type SubscribeResult = Record<string, never>;

/** Which module an event is about. */
export type EventModule = Pick<ModuleInfo, 'uuid' | 'name' | 'namespace'>;

/** Notifications from the host to a client that subscribed. */
export type HostEvent =
  | { readonly type: 'loaded' | 'unloaded'; readonly module: ModuleInfo }
  /** The module's code was made ready, which a first run after a start waits for. */
  | { readonly type: 'compiled'; readonly module: EventModule; readonly micros: number }
  /** A run ended; `function` is `process` for `module/execute`. `usage` is absent where it is not known. */
  | {
      readonly type: 'called';
      readonly module: EventModule;
      readonly function: string;
      readonly ok: boolean;
      readonly usage?: Usage;
    }
  /** A run ended in an error of the module's; `kind` is the error's. */
  | {
      readonly type: 'trapped';
      readonly module: EventModule;
      readonly message: string;
      readonly kind: ErrorKind;
    }
  /** The module's code was dropped to save memory; it is compiled again when it is next run. */
  | { readonly type: 'evicted'; readonly module: EventModule }
  /** A run in a session of the folder ended that may have changed tables, files or settings. */
  | { readonly type: 'changed'; readonly folder: string }
  | { readonly type: 'warning'; readonly message: string };

/** What an event may tell of. */
export type HostEventType = HostEvent['type'];

/** Every type of event, in the order of the protocol's document. */
export const EVENT_TYPES = [
  'loaded',
  'unloaded',
  'compiled',
  'called',
  'trapped',
  'evicted',
  'changed',
  'warning',
] as const satisfies readonly HostEventType[];

/** What a subscriber gets who names no types: all but `called`, of which there may be a hundred thousand a second. */
export const DEFAULT_EVENT_TYPES: readonly HostEventType[] = EVENT_TYPES.filter((type) => type !== 'called');
