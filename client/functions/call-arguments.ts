import * as l10n from '@vscode/l10n';
import { benchmarkArguments, exampleArguments } from '../../wasm-core/protocol/bench/function-benchmarks.ts';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';
import type { ValueStore } from '../run/parameter-values.ts';
import { parametersText } from './call-text.ts';

/** What a function is called for. Each has arguments of its own: those of a benchmark may use the number of a row, `i`. */
export type CallPurpose = 'run' | 'benchmark';

/** Asks the user for arguments. @returns undefined when the user declined */
export type AskArguments = (question: {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
}) => PromiseLike<string | undefined>;

const KEY = 'quern.arguments';

/** So many functions are remembered; the one asked about longest ago goes first. */
const MAX_REMEMBERED = 200;

/** The arguments that functions were called with last, as SQL, kept for the workspace. */
export class CallArguments {
  readonly #store: ValueStore;
  readonly #ask: AskArguments;

  constructor(store: ValueStore, ask: AskArguments) {
    this.#store = store;
    this.#ask = ask;
  }

  /**
   * Asks for the arguments of a function, beginning with those of the last time, and remembers them. A function without
   * parameters is not asked about.
   *
   * @returns SQL with commas between; undefined when the user declined
   */
  async of(target: FunctionTarget, purpose: CallPurpose): Promise<string | undefined> {
    const fn = target.function;
    if (fn.parameters.length === 0) return '';
    const args = await this.#ask({
      title: parametersText(fn),
      prompt:
        purpose === 'benchmark'
          ? l10n.t('Arguments as SQL, with commas between; i is the number of the row')
          : l10n.t('Arguments as SQL, with commas between'),
      value: this.known(target, purpose),
    });
    if (args === undefined) return undefined;
    const { [keyOf(target, purpose)]: _, ...others } = this.#all();
    const kept = Object.entries({ ...others, [keyOf(target, purpose)]: args });
    await this.#store.update(KEY, Object.fromEntries(kept.slice(-MAX_REMEMBERED)));
    return args;
  }

  /** The arguments of the last time, else an example. */
  known(target: FunctionTarget, purpose: CallPurpose): string {
    const fn = target.function;
    const example = purpose === 'run' ? exampleArguments(fn) : benchmarkArguments(fn);
    return this.#all()[keyOf(target, purpose)] ?? example;
  }

  #all(): Readonly<Record<string, string>> {
    const kept = this.#store.get(KEY);
    if (typeof kept !== 'object' || kept === null) return {};
    const texts = Object.entries(kept).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(texts);
  }
}

/** Other parameters are other arguments. */
function keyOf({ uri, function: fn }: FunctionTarget, purpose: CallPurpose): string {
  return `${purpose} ${uri} ${parametersText(fn)}`;
}
