import type { RunLabel } from '../../wasm-core/protocol/webview.ts';

/** So many runs are kept; pinned ones are kept beyond that, and nothing else is. */
const MOST = 10;

/** A run that can be looked at again. */
export interface ShelvedRun<Content> extends RunLabel {
  readonly content: Content;
}

/** The runs of a results page, the newest first: which is looked at, which are pinned, and what they are called. */
export class RunShelf<Content> {
  readonly #dropped: (content: Content) => void;
  readonly #most: number;
  #runs: readonly ShelvedRun<Content>[] = [];
  #chosen: string | undefined;

  /**
   * @param dropped takes what a run held when it is kept no longer
   * @param most runs that are not pinned
   */
  constructor(dropped: (content: Content) => void, most = MOST) {
    this.#dropped = dropped;
    this.#most = most;
  }

  /** The newest first. */
  get runs(): readonly ShelvedRun<Content>[] {
    return this.#runs;
  }

  /** The run that is looked at; undefined without runs. */
  get chosen(): ShelvedRun<Content> | undefined {
    return this.#runs.find(({ id }) => id === this.#chosen);
  }

  /** What the page is told of each run. */
  get labels(): readonly RunLabel[] {
    return this.#runs.map(({ content: _, ...label }) => label);
  }

  get(id: string): ShelvedRun<Content> | undefined {
    return this.#runs.find((run) => run.id === id);
  }

  /** Adds the newest run, which is looked at from now on; the oldest that is not pinned may go. */
  add(run: Omit<ShelvedRun<Content>, 'isPinned'>): void {
    this.#runs = [{ ...run, isPinned: false }, ...this.#runs];
    this.#chosen = run.id;
    const old = this.#runs.filter(({ isPinned }) => !isPinned).slice(this.#most);
    for (const { id } of old) this.close(id);
  }

  /** Takes the runs of a window before, in their order. @param chosen the one that was looked at */
  restore(runs: readonly ShelvedRun<Content>[], chosen: string | undefined): void {
    this.#runs = runs;
    this.#chosen = (runs.find(({ id }) => id === chosen) ?? runs[0])?.id;
  }

  /** Gives a run other content. @returns false when it is not there, and the content is not taken */
  put(id: string, content: Content): boolean {
    if (this.get(id) === undefined) return false;
    this.#runs = this.#runs.map((run) => (run.id === id ? { ...run, content } : run));
    return true;
  }

  /** Looks at another run. @returns false when it is not there */
  choose(id: string): boolean {
    if (this.get(id) === undefined) return false;
    this.#chosen = id;
    return true;
  }

  /** Keeps a run whatever comes, or no longer. */
  pin(id: string, isPinned: boolean): void {
    this.#change(id, { isPinned });
  }

  /** Calls a run something else. @param title an empty one changes nothing */
  rename(id: string, title: string): void {
    if (title.trim() !== '') this.#change(id, { title: title.trim() });
  }

  /** Takes a run away; the one beside it is looked at, when it was. */
  close(id: string): void {
    const index = this.#runs.findIndex((run) => run.id === id);
    const closed = this.#runs[index];
    if (closed === undefined) return;
    this.#runs = this.#runs.filter((run) => run !== closed);
    if (this.#chosen === id) this.#chosen = (this.#runs[index] ?? this.#runs[index - 1])?.id;
    this.#dropped(closed.content);
  }

  /** Takes all runs away. */
  clear(): void {
    for (const { id } of this.#runs) this.close(id);
  }

  #change(id: string, change: Partial<RunLabel>): void {
    this.#runs = this.#runs.map((run) => (run.id === id ? { ...run, ...change } : run));
  }
}
