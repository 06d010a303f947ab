/** A list of numbers from 0 to 2^32 - 1 that grows, at four bytes each: a module may have a million functions. */
export class NumberList {
  #numbers = new Uint32Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = number;
  }

  /** @param index one of the list's; 0 is given for any other */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? 0) : 0;
  }

  /** What the list holds, not copied: valid until the next `push`. */
  view(): Uint32Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
