/** How long the host looks for the next request before it sleeps, milliseconds. */
const AWAKE_MS = 0.05;

/**
 * Keeps the event loop from falling asleep between two requests of one client. A client that asks again as soon as it
 * was answered comes back after some 10 µs; putting a processor to sleep for that long, and waking it, takes longer than
 * the run and costs more processor time than looking. The Go scheduler and the kernel's busy polling of sockets do the
 * same. A host that is asked by several clients in turn, or for much at a time, has no time to sleep anyway, and one that
 * nobody asks anything sleeps.
 */
export class Wakefulness {
  #until = 0;
  #looking = false;
  #last: object | undefined;

  /** Says that a client was answered just now. @param requests how many it had sent in one piece */
  answered(client: object, requests: number): void {
    const isAlone = client === this.#last && requests === 1;
    this.#last = client;
    this.#until = isAlone ? performance.now() + AWAKE_MS : 0;
    if (!isAlone || this.#looking) return;
    this.#looking = true;
    setImmediate(this.#look);
  }

  readonly #look = (): void => {
    // A loop that has an immediate to run looks at its sockets without waiting.
    if (performance.now() < this.#until) setImmediate(this.#look);
    else this.#looking = false;
  };
}
