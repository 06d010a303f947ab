/** Shows how far a query is, on a terminal; silent elsewhere. */
export class ProgressLine {
  #shown = false;

  /**
   * @param percent 0 to 100, or -1 when nobody knows
   * @param message what the run waits for
   */
  show(percent: number, message?: string): void {
    if (!process.stderr.isTTY || (percent < 0 && message === undefined)) return;
    this.#shown = true;
    process.stderr.write(`\r\x1b[K${message ?? `${Math.floor(percent)} %`}`);
  }

  /** Takes it away, before anything else is written. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }
}
