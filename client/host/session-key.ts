/**
 * The window's part of the keys under which it and its language server share sessions. A session keeps the folders it was
 * opened with, so a change of what is allowed takes a new key.
 */
export class SessionKey {
  #value: string = crypto.randomUUID();

  get value(): string {
    return this.#value;
  }

  /** Takes a new key: sessions opened from now on are new. */
  renew(): void {
    this.#value = crypto.randomUUID();
  }
}
