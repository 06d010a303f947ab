import * as l10n from '@vscode/l10n';
import { durationText } from '../../wasm-core/protocol/figures.ts';
import type { QueryPlan } from '../../wasm-core/protocol/plan.ts';
import { planModel } from '../../wasm-core/protocol/plan-model.ts';
import { planText } from '../../wasm-core/protocol/plan-text.ts';
import { element } from '../dom.ts';
import type { Facet, FacetContext } from '../facet.ts';
import { lines } from '../notices.ts';
import { PlanTree } from './plan-tree.ts';

/** A statement's plan: a tree of operators, as text on demand. */
export class PlanTreeFacet implements Facet {
  readonly node: HTMLElement;
  readonly #body = element('div', { class: 'plan-body' });
  readonly #tree: HTMLElement;
  readonly #text: HTMLElement;

  constructor({ store, send }: FacetContext, plan: QueryPlan) {
    const { cost } = store.view;
    const model = planModel(plan, { costs: cost.functions ?? [], rowsRead: l10n.t('Rows read') });
    const text = planText(plan);
    this.#text = lines(text, l10n.t('Plan as text'));
    this.#tree = element('div', { class: plan.isMeasured ? 'plan' : 'plan estimates' }, [
      headings(plan),
      new PlanTree(model).node,
    ]);
    const copied = element('span', { class: 'plan-copied', attributes: { role: 'status' } });
    const copy = (title: string, of: () => string) =>
      button(title, () => {
        send({ type: 'copy', text: of() });
        copied.textContent = l10n.t('Copied');
      });
    const json = () => JSON.stringify({ ...plan, functions: cost.functions ?? [] }, null, 2);
    const asText = button(l10n.t('Text'), () => this.#show(asText));
    asText.setAttribute('aria-pressed', 'false');
    this.node = element('div', { class: 'result' }, [
      element('div', { class: 'plan-bar-top' }, [
        element('span', { class: 'plan-note', text: noteText(plan, model.micros) }),
        copied,
        asText,
        copy(l10n.t('Copy as Text'), () => text),
        copy(l10n.t('Copy as JSON'), json),
      ]),
      this.#body,
    ]);
    this.#body.append(this.#tree);
  }

  shown(): void {}

  refresh(): void {}

  dispose(): void {
    this.node.remove();
  }

  #show(toggle: HTMLElement): void {
    const isText = toggle.getAttribute('aria-pressed') !== 'true';
    toggle.setAttribute('aria-pressed', String(isText));
    this.#body.replaceChildren(isText ? this.#text : this.#tree);
  }
}

/** Says whether the statement ran for it. */
function noteText({ isMeasured, leftOut }: QueryPlan, micros: number): string {
  const said = isMeasured
    ? l10n.t('The statement ran for this plan: {0} in its operators.', durationText(micros))
    : l10n.t('What the engine expects; the statement was not run.');
  if (leftOut === undefined) return said;
  return `${said} ${l10n.t('{0} operators are left out.', leftOut.toLocaleString('en-US'))}`;
}

function headings({ isMeasured }: QueryPlan): HTMLElement {
  const titles = [
    l10n.t('Operator'),
    isMeasured ? l10n.t('Time of its own') : '',
    isMeasured ? l10n.t('Rows') : '',
    l10n.t('Rows expected'),
  ];
  // The lines say the same for themselves.
  return element(
    'div',
    { class: 'plan-head plan-line', attributes: { 'aria-hidden': 'true' } },
    titles.map((text, index) => element('span', { class: index > 1 ? 'figure' : '', text })),
  );
}

function button(text: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}
