/** How long one waits for a fresh answer when there is an older one to give, milliseconds. */
const PATIENCE_MS = 15;
/** How many answers are kept, those asked for last. */
const KEPT_ANSWERS = 500;

interface Kept<T> {
  last?: { readonly value: T };
  asking: Promise<T> | undefined;
  /** Until when the last answer counts as fresh. */
  until: number;
}

/**
 * What was answered, given again for a while. Afterwards it is asked for anew, but whoever waits gets the older answer
 * when that takes long, so that completion stays quick while the engine is busy.
 */
export class KeptAnswers {
  private readonly kept = new Map<string, Kept<unknown>>();

  /**
   * An answer.
   *
   * @param key names the question; its answers are all of one type
   * @param ask gets the last answer, where there is one
   * @throws what `ask` throws when there is no older answer
   */
  async get<T>(
    key: string,
    { forMs, ask }: { readonly forMs: number; readonly ask: (last: T | undefined) => Promise<T> },
  ): Promise<T> {
    const kept = this.entry<T>(key);
    const { last } = kept;
    if (last !== undefined && kept.until > Date.now()) return last.value;
    kept.asking ??= ask(last?.value)
      .then((value) => {
        kept.last = { value };
        kept.until = Date.now() + forMs;
        return value;
      })
      .finally(() => {
        kept.asking = undefined;
      });
    if (last === undefined) return kept.asking;
    return fresherThan(last.value, kept.asking);
  }

  /** Counts every answer as old, because something changed. */
  forget(): void {
    for (const kept of this.kept.values()) kept.until = 0;
  }

  private entry<T>(key: string): Kept<T> {
    const known = this.kept.get(key);
    // To the end: the first is the one that was asked for longest ago.
    if (known !== undefined) this.kept.delete(key);
    const kept = known ?? { asking: undefined, until: 0 };
    this.kept.set(key, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT_ANSWERS && oldest !== undefined) this.kept.delete(oldest);
    return kept as Kept<T>;
  }
}

async function fresherThan<T>(older: T, asking: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(older), PATIENCE_MS);
  });
  try {
    return await Promise.race([asking.catch(() => older), patience]);
  } finally {
    clearTimeout(timer);
  }
}
