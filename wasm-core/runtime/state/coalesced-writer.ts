/**
 * Makes many requests to write into few writes: while one write is under way, all further requests become one next
 * write.
 */
export class CoalescedWriter {
  readonly #write: () => Promise<void>;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param write writes everything as it is when it is called; never called twice at once */
  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  /**
   * @returns resolves when everything as it is now is written
   * @throws what `write` throws, to all requests that it was for
   */
  request(): Promise<void> {
    // The next one first: it is there for a moment longer than the one that it waits for.
    if (this.#next !== undefined) return this.#next;
    if (this.#current === undefined) return this.#begin();
    this.#next = this.#current.then(ignore, ignore).then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /** Resolves when no write is under way or asked for, whatever became of them. */
  async settled(): Promise<void> {
    while (this.#next ?? this.#current) await (this.#next ?? this.#current)?.then(ignore, ignore);
  }

  #begin(): Promise<void> {
    const current = this.#write().finally(() => {
      this.#current = undefined;
    });
    this.#current = current;
    return current;
  }
}

function ignore(): void {}
