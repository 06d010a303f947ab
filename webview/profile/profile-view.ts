import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { FunctionProfile } from '../../wasm-core/protocol/profile.ts';
import type { FromProfilePage, ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';
import { type Flame, flameTree } from '../../wasm-core/results/profile-tree.ts';
import { element } from '../dom.ts';
import { FlameGraph, figures, shortName } from './flame-graph.ts';
import { FunctionTable } from './function-table.ts';

/** A profile: a flame graph, what is known of the function that is looked at, and a table of all. */
export class ProfileView {
  readonly node: HTMLElement;
  readonly #message: Extract<ToProfilePage, { type: 'profile' }>;
  readonly #send: (message: FromProfilePage) => void;
  readonly #root: Flame;
  readonly #graph: FlameGraph;
  readonly #detail = element('div', { class: 'detail', attributes: { role: 'status' } });
  readonly #functions: readonly ReadonlyMap<number, FunctionProfile>[];

  /** @param send takes messages for the extension */
  constructor(
    message: Extract<ToProfilePage, { type: 'profile' }>,
    send: (message: FromProfilePage) => void,
  ) {
    this.#message = message;
    this.#send = send;
    const { profile } = message;
    this.#functions = profile.modules.map(({ functions }) => new Map(functions.map((fn) => [fn.index, fn])));
    this.#root = flameTree(profile);
    this.#graph = new FlameGraph({
      root: this.#root,
      hasSource: (flame) => this.#functionOf(flame)?.place?.path !== undefined,
      onSelect: (flame) => this.#describe(flame),
      onReveal: (flame) => this.#reveal(flame),
    });
    const table = new FunctionTable(profile, (module, index) =>
      this.#send({ type: 'reveal', module, function: index }),
    );
    this.node = element('div', { class: 'profile' }, [
      this.#heading(),
      this.#graph.node,
      this.#detail,
      table.node,
    ]);
  }

  dispose(): void {
    this.#graph.dispose();
  }

  #heading(): HTMLElement {
    const { title, profile } = this.#message;
    const unprofiled = (profile.unprofiled ?? []).map((name) =>
      l10n.t('{0} is too large to be profiled.', name),
    );
    const isCut = profile.modules.some(({ truncated }) => truncated);
    const notes = [
      profile.modules.length === 0
        ? l10n.t('No plugin function was called.')
        : counted(profile.fuel, l10n.t('{0} unit of fuel'), l10n.t('{0} units of fuel')),
      ...(isCut ? [l10n.t('Some chains of calls are put together, as they are too many.')] : []),
      ...unprofiled,
    ];
    return element('header', { class: 'toolbar' }, [
      element('h1', { class: 'title', text: title, attributes: { title } }),
      element('p', { class: 'notes', text: notes.join(' ') }),
      ...(profile.modules.length === 0
        ? []
        : [
            element('span', { class: 'legend own', text: l10n.t('your code') }),
            element('span', { class: 'legend library', text: l10n.t('libraries') }),
          ]),
    ]);
  }

  #describe(flame: Flame): void {
    const isFunction = flame.function >= 0;
    const name = flame === this.#root ? l10n.t('Everything') : shortName(flame.name);
    const used = figures(flame, this.#root);
    const parts: Node[] = [
      element('strong', { text: name }),
      element('span', { text: isFunction ? l10n.t(' of {0}: {1}', flame.module, used) : `: ${used}` }),
    ];
    if (this.#functionOf(flame)?.place?.path !== undefined) {
      parts.push(
        element('button', {
          class: 'link',
          text: l10n.t('Show in editor'),
          attributes: { type: 'button' },
          onClick: () => this.#reveal(flame),
        }),
      );
    }
    this.#detail.replaceChildren(...parts);
  }

  #reveal({ moduleIndex, function: index }: Flame): void {
    if (index >= 0) this.#send({ type: 'reveal', module: moduleIndex, function: index });
  }

  #functionOf({ moduleIndex, function: index }: Flame): FunctionProfile | undefined {
    return this.#functions[moduleIndex]?.get(index);
  }
}
