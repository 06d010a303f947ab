import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { WasmComparison } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText, countText } from './byte-text.ts';
import { plainTable } from './plain-table.ts';
import { RowTable } from './row-table.ts';
import type { WasmAsker } from './wasm-asker.ts';

/** What differs between the file and another one. */
export class ComparisonView {
  readonly node: HTMLElement;
  readonly #changes: RowTable;

  constructor(
    comparison: WasmComparison,
    context: { readonly asker: WasmAsker; readonly show: (index: number) => void },
  ) {
    this.#changes = new RowTable('changes', context);
    const { other, before, after, sections, changeCount, sameFunctionCount } = comparison;
    const rows = sections.map((section) => [
      section.name,
      section.before === undefined ? '' : countText(section.before),
      section.after === undefined ? '' : countText(section.after),
      signed((section.after ?? 0) - (section.before ?? 0)),
    ]);
    const sizes = l10n.t(
      '{0} there, {1} here ({2} bytes).',
      bytesText(before),
      bytesText(after),
      signed(after - before),
    );
    const changes = counted(changeCount, l10n.t('{0} difference'), l10n.t('{0} differences'));
    const same = l10n.t('{0} functions are the same.', countText(sameFunctionCount));
    const heads = [l10n.t('Section'), l10n.t('There'), l10n.t('Here'), l10n.t('Difference')];
    this.node = element('div', { class: 'comparison' }, [
      element('div', { class: 'about' }, [
        element('h2', { text: l10n.t('Compared with {0}', other), attributes: { title: other } }),
        element('p', { text: `${sizes} ${changes}; ${same}` }),
        plainTable(heads, rows, { numbersFrom: 1 }),
      ]),
      this.#changes.node,
    ]);
    this.#changes.reset();
  }

  /** To be called when the comparison becomes visible. */
  shown(): void {
    this.#changes.shown();
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${countText(Math.abs(difference))}`;
}
