/** Runs an action for a key once its calls have paused. */
export class Debouncer {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param delayMs how long the calls must pause
   * @param action what runs; it handles its own errors
   */
  constructor(
    private readonly delayMs: number,
    private readonly action: (key: string) => void,
  ) {}

  schedule(key: string): void {
    this.cancel(key);
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.action(key);
      }, this.delayMs),
    );
  }

  cancel(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
