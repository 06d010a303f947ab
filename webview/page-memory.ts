/** Where a page keeps what it shows while it is hidden, or its window reloaded. */
export interface MemoryStore {
  /** What was kept last; undefined for a new page. Whoever reads it checks it. */
  read(): unknown;
  write(state: unknown): void;
}

/** Between two writings, milliseconds. */
const WRITE_AFTER_MS = 100;

/** Of so many things something is remembered; what was changed longest ago goes first. */
const MOST = 100;

/** What a page remembers, by name: how a result was looked at, which tab of a run was chosen. */
export class PageMemory {
  readonly #store: MemoryStore;
  readonly #things: Map<string, unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: MemoryStore) {
    this.#store = store;
    const kept = store.read();
    const isKept = typeof kept === 'object' && kept !== null && 'things' in kept;
    const things = isKept && Array.isArray(kept.things) ? (kept.things as unknown[]) : [];
    this.#things = new Map(things.filter(isEntry).slice(-MOST));
    window.addEventListener('pagehide', () => this.#write());
  }

  /** What is remembered under a name; undefined when nothing is. Whoever reads it checks it. */
  get(name: string): unknown {
    return this.#things.get(name);
  }

  /** Remembers something that JSON can hold. */
  set(name: string, value: unknown): void {
    this.#things.delete(name);
    this.#things.set(name, value);
    const [oldest] = this.#things.keys();
    if (this.#things.size > MOST && oldest !== undefined) this.#things.delete(oldest);
    // A scroll changes it many times a second.
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS);
  }

  #write(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#store.write({ things: [...this.#things] });
  }
}

function isEntry(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}
