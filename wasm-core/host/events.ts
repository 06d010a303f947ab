import type { HostEvent } from '../protocol/methods.ts';

/** Hands the host's events to the connections that subscribed. */
export class EventHub {
  readonly #listeners = new Set<(event: HostEvent) => void>();

  emit(event: HostEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Adding a listener twice is adding it once. */
  add(listener: (event: HostEvent) => void): void {
    this.#listeners.add(listener);
  }

  remove(listener: (event: HostEvent) => void): void {
    this.#listeners.delete(listener);
  }
}
