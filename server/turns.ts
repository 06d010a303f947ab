/** How long work goes on before others have their turn, milliseconds. */
const SLICE_MS = 2;
/**
 * How long work goes on at once, before its first turn, milliseconds: what is short is answered, and what is long lets
 * the requests be handled that came with it.
 */
const FIRST_SLICE_MS = 1;

/**
 * Takes turns between long pieces of work, so that a request waits for one slice of one of them, however many there are.
 * Every piece of work of a server asks the same object.
 */
export class Turns {
  /** Work that goes on when it is its turn, in order. */
  private readonly waiting: (() => void)[] = [];

  /** Resolves when what came in the meantime was answered, and all work that waited before had a slice of time. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) this.soon();
    });
  }

  /**
   * What a function makes of each of many items, in their order, in slices of time.
   *
   * @param isCancelled asked after each turn; what is there by then is given
   */
  async flatMap<T, R>(
    items: readonly T[],
    map: (item: T, index: number) => readonly R[],
    isCancelled: () => boolean = () => false,
  ): Promise<R[]> {
    const made: R[] = [];
    await this.each(items, (item, index) => made.push(...map(item, index)), isCancelled);
    return made;
  }

  /**
   * Does something with each of many items, in their order, in slices of time.
   *
   * @param isCancelled asked after each turn; the others are left out then
   */
  async each<T>(
    items: readonly T[],
    act: (item: T, index: number) => void,
    isCancelled: () => boolean = () => false,
  ): Promise<void> {
    let until = performance.now() + FIRST_SLICE_MS;
    for (const [index, item] of items.entries()) {
      if (performance.now() >= until) {
        await this.turn();
        if (isCancelled()) return;
        until = performance.now() + SLICE_MS;
      }
      act(item, index);
    }
  }

  /**
   * A message is handled an immediate behind the one in which its bytes are read: work that went on with the next
   * immediate would stand in front of it twice.
   */
  private soon(): void {
    setImmediate(() =>
      setImmediate(() => {
        const next = this.waiting.shift();
        if (this.waiting.length > 0) this.soon();
        next?.();
      }),
    );
  }
}

/** How a piece of work in slices is done. */
export interface SlicedWork {
  readonly turns: Turns;
  readonly isCancelled?: () => boolean;
}
