import * as l10n from '@vscode/l10n';
import type { WasmOverview } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText, countText, shareText } from './byte-text.ts';
import { nameOf } from './function-name.ts';
import { plainTable } from './plain-table.ts';
import { Treemap } from './treemap.ts';

/** What there is to say of a file at a glance. */
export class OverviewView {
  readonly node: HTMLElement;
  readonly #treemap: Treemap;

  /** @param show shows a function's code */
  constructor(overview: WasmOverview, show: (index: number) => void) {
    this.#treemap = new Treemap(overview.sizes, show);
    this.node = element('div', { class: 'overview' }, [
      ...problems(overview),
      element('section', {}, [element('h2', { text: l10n.t('Size') }), this.#treemap.node]),
      element('div', { class: 'columns' }, [
        element('section', {}, [element('h2', { text: l10n.t('Sections') }), sections(overview)]),
        element('section', {}, [
          element('h2', { text: l10n.t('Module') }),
          facts(overview, show),
          ...plugin(overview),
        ]),
      ]),
    ]);
  }

  dispose(): void {
    this.#treemap.dispose();
  }
}

function problems({ problems, plugin }: WasmOverview): HTMLElement[] {
  const messages = [...problems.map(({ message }) => message), ...(plugin.problem ? [plugin.problem] : [])];
  if (messages.length === 0) return [];
  const items = messages.map((text) => element('li', { text }));
  return [element('div', { class: 'problems', attributes: { role: 'alert' } }, [element('ul', {}, items)])];
}

function sections({ sections, byteLength }: WasmOverview): HTMLElement {
  const heads = [l10n.t('Section'), l10n.t('Offset'), l10n.t('Bytes'), l10n.t('Share'), l10n.t('Items')];
  const rows = sections.map((section) => [
    section.isCustom ? l10n.t('custom “{0}”', section.name) : section.name,
    section.offset.toString(16).padStart(8, '0'),
    countText(section.byteLength),
    shareText(section.byteLength, byteLength),
    section.itemCount === undefined ? '' : countText(section.itemCount),
  ]);
  return plainTable(heads, rows, { numbersFrom: 1 });
}

function facts(overview: WasmOverview, show: (index: number) => void): HTMLElement {
  const { name, functionCount, importedFunctionCount, memories, tables, globalCount, start, producers } =
    overview;
  const list = element('dl', { class: 'facts' });
  const add = (title: string, ...values: (string | Node)[]) => {
    list.append(element('dt', { text: title }), element('dd', {}, values.map(toNode)));
  };
  add(l10n.t('Kind'), kindText(overview.form));
  if (name !== undefined) add(l10n.t('Name'), name);
  if (overview.form === 'module') {
    add(
      l10n.t('Functions'),
      l10n.t('{0}, {1} of them imported', countText(functionCount), countText(importedFunctionCount)),
    );
    for (const type of memories) add(l10n.t('Memory'), `${type} ${memoryText(type)}`);
    for (const type of tables) add(l10n.t('Table'), type);
    if (globalCount > 0) add(l10n.t('Globals'), countText(globalCount));
  }
  if (start !== undefined)
    add(
      l10n.t('Start function'),
      link(nameOf(start), () => show(start.index)),
    );
  for (const { field, name: tool, version } of producers) add(fieldText(field), `${tool} ${version}`.trim());
  return list;
}

function kindText(form: WasmOverview['form']): string {
  return {
    module: l10n.t('WebAssembly module'),
    component: l10n.t('WebAssembly component; its sections alone are shown'),
    other: l10n.t('not WebAssembly'),
  }[form];
}

/** @param field of the section `producers` */
function fieldText(field: string): string {
  if (field === 'language') return l10n.t('Written in');
  return field === 'processed-by' ? l10n.t('Made by') : field === 'sdk' ? 'SDK' : field;
}

/** A page of memory, bytes. */
const PAGE_BYTES = 65_536;

/** A memory's size for people, behind its type. */
function memoryText(type: string): string {
  const [, initial, maximum] = /^(?:i64 )?(\d+)(?: (\d+))?(?: shared)?$/.exec(type) ?? [];
  if (initial === undefined) return '';
  const from = bytesText(Number(initial) * PAGE_BYTES);
  return maximum === undefined
    ? l10n.t('({0}, no limit)', from)
    : l10n.t('({0} to {1})', from, bytesText(Number(maximum) * PAGE_BYTES));
}

function plugin({ plugin }: WasmOverview): HTMLElement[] {
  const { capabilities, functions, doc } = plugin;
  if (capabilities.length === 0 && functions.length === 0 && doc === '') return [];
  const needs = capabilities.length === 0 ? l10n.t('nothing') : capabilities.join(', ');
  return [
    element('h2', { text: l10n.t('Plugin') }),
    ...(doc === '' ? [] : [element('p', { text: doc })]),
    element('dl', { class: 'facts' }, [
      element('dt', { text: l10n.t('Needs') }),
      element('dd', { text: needs }),
      ...functions.flatMap((fn) => [
        element('dt', { text: l10n.t('Function for SQL') }),
        element('dd', {}, [
          element('code', { text: fn.signature }),
          ...(fn.doc === '' ? [] : [element('p', { text: fn.doc })]),
        ]),
      ]),
    ]),
  ];
}

function link(text: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}

function toNode(value: string | Node): Node {
  return typeof value === 'string' ? new Text(value) : value;
}
