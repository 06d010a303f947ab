import * as l10n from '@vscode/l10n';
import { element } from './dom.ts';
import type { Facet, FacetContext } from './facet.ts';
import { lines } from './notices.ts';

/** The plan of a query as the engine writes it. */
export class PlanFacet implements Facet {
  readonly node = element('div', { class: 'result' });

  constructor(context: FacetContext) {
    void this.#show(context);
  }

  shown(): void {}

  refresh(): void {}

  dispose(): void {
    this.node.remove();
  }

  /** Puts the text in place, once its page is here. */
  async #show({ store }: FacetContext): Promise<void> {
    const page = await store.page(0);
    // The engine knows plugin functions under names that nobody wrote.
    const text = page?.text(0, store.view.columns.length - 1).replaceAll(/__quern_\d+_/g, '');
    this.node.replaceChildren(
      text === undefined
        ? element('p', { class: 'sentence', text: l10n.t('The plan cannot be read.') })
        : lines(text, l10n.t('Plan')),
    );
  }
}
