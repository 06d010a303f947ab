import type { HostEvent, HostEventType } from '../protocol/events.ts';
import { DEFAULT_EVENT_TYPES } from '../protocol/events.ts';

/** Takes events. */
export type EventListener = (event: HostEvent) => void;

/** Hands the host's events to the connections that subscribed. */
export class EventHub {
  readonly #listeners = new Map<EventListener, ReadonlySet<HostEventType>>();
  #wanted: ReadonlySet<HostEventType> = new Set();

  /** Hands an event to everybody who wants its type. */
  emit(event: HostEvent): void {
    if (!this.#wanted.has(event.type)) return;
    for (const [listener, types] of [...this.#listeners]) if (types.has(event.type)) listener(event);
  }

  /** Whether anybody wants events of a type; ask before making one that is made often. */
  wants(type: HostEventType): boolean {
    return this.#wanted.has(type);
  }

  /** Adds a listener; one that is there already gets the new types instead of its old ones. */
  add(listener: EventListener, types: readonly HostEventType[] = DEFAULT_EVENT_TYPES): void {
    this.#listeners.set(listener, new Set(types));
    this.#count();
  }

  remove(listener: EventListener): void {
    this.#listeners.delete(listener);
    this.#count();
  }

  #count(): void {
    this.#wanted = new Set([...this.#listeners.values()].flatMap((types) => [...types]));
  }
}
