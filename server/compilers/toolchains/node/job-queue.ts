/** A job that waits for its turn. */
interface Waiting {
  readonly key: string;
  readonly start: () => void;
}

/** Runs a few jobs at a time, the others in their order, or those that are wanted first before. */
export class JobQueue {
  private waiting: Waiting[] = [];
  private running = 0;

  /** @param limit how many jobs run at a time, 1 or more */
  constructor(private readonly limit: number) {}

  /**
   * Runs a job when there is room for it.
   *
   * @param key what `first` knows it by
   */
  async run<T>(key: string, job: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) this.running++;
    else await new Promise<void>((start) => this.waiting.push({ key, start }));
    try {
      return await job();
    } finally {
      // Whoever comes next takes this one's place, so that nobody slips in between.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next.start();
    }
  }

  /** Moves jobs before all others that wait. */
  first(isFirst: (key: string) => boolean): void {
    const first = this.waiting.filter(({ key }) => isFirst(key));
    const later = this.waiting.filter(({ key }) => !isFirst(key));
    this.waiting = [...first, ...later];
  }
}
