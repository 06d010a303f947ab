/** Measures how long it takes until something is seen for the first time. */
export class RenderClock {
  readonly #seen: (micros: number) => void;
  #started: number | undefined;
  #isDone = false;

  /** @param seen called once, with the time from the first `begin` until the frame that shows what was drawn */
  constructor(seen: (micros: number) => void) {
    this.#seen = seen;
  }

  /** Begins to measure; later calls change nothing. */
  begin(): void {
    this.#started ??= performance.now();
  }

  /** Says that what is wanted is drawn; it is seen with the next frame. */
  drawn(): void {
    const started = this.#started;
    if (started === undefined || this.#isDone) return;
    this.#isDone = true;
    // The frame after that begins when this one is on the screen.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        performance.measure('quern.render', { start: started });
        this.#seen((performance.now() - started) * 1000);
      }),
    );
  }
}
