import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';

/** Where values outlive the window; VS Code's `workspaceState` is one. */
export interface ValueStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Asks the user for one value. @returns undefined when the user declined */
export type AskValue = (
  name: string,
  last: ParameterValue | undefined,
) => Promise<ParameterValue | undefined>;

const KEY = 'quern.parameters';

/** The values of parameters by name, kept for the workspace. */
export class ParameterValues {
  readonly #store: ValueStore;
  readonly #ask: AskValue;

  constructor(store: ValueStore, ask: AskValue) {
    this.#store = store;
    this.#ask = ask;
  }

  /** Every value that is known, by name. */
  get all(): Readonly<Record<string, ParameterValue>> {
    const kept = this.#store.get(KEY);
    if (typeof kept !== 'object' || kept === null) return {};
    const valid = Object.entries(kept).filter((entry): entry is [string, ParameterValue] =>
      isValue(entry[1]),
    );
    return Object.fromEntries(valid);
  }

  /**
   * The values of some parameters; each that has none yet is asked for, in order, and kept.
   *
   * @returns undefined when the user declined one
   */
  async of(names: readonly string[]): Promise<Readonly<Record<string, ParameterValue>> | undefined> {
    for (const name of new Set(names)) {
      if (!Object.hasOwn(this.all, name) && !(await this.change(name))) return undefined;
    }
    return this.known(names);
  }

  /** Those of some parameters that have a value. */
  known(names: readonly string[]): Readonly<Record<string, ParameterValue>> {
    const { all } = this;
    const known = [...new Set(names)].filter((name) => Object.hasOwn(all, name));
    return Object.fromEntries(known.map((name) => [name, all[name] ?? null]));
  }

  /** Asks for one value, whatever it was. @returns false when the user declined */
  async change(name: string): Promise<boolean> {
    const { all } = this;
    const value = await this.#ask(name, Object.hasOwn(all, name) ? all[name] : undefined);
    if (value === undefined) return false;
    await this.#store.update(KEY, { ...this.all, [name]: value });
    return true;
  }

  /** Keeps values that somebody gave elsewhere. */
  async keep(values: Readonly<Record<string, ParameterValue>>): Promise<void> {
    await this.#store.update(KEY, { ...this.all, ...values });
  }

  /** Forgets all values; each is asked for when it is next needed. */
  async forget(): Promise<void> {
    await this.#store.update(KEY, undefined);
  }
}

function isValue(value: unknown): value is ParameterValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
