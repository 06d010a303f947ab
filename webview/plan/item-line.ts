import * as l10n from '@vscode/l10n';
import type { PlanItem } from '../../wasm-core/protocol/plan-model.ts';
import { element } from '../dom.ts';
import type { ItemText } from './item-text.ts';

/** Deeper lines are indented no further. */
const MAX_INDENT_LEVEL = 24;
/** Longer values are shown as far as this; the copy has all of them. UTF-16 code units. */
const SHOWN_VALUE = 2_000;
const SHOWN_NAME = 200;

/** How a line is drawn. */
export interface ItemLineOptions {
  readonly text: ItemText;
  /** Of all operators together, microseconds. */
  readonly micros: number;
  readonly isOpen: boolean;
  /** Opens or closes what hangs below it. */
  readonly toggle: () => void;
}

/** The line of an item. What is read of it aloud is its text, words that are not seen included. */
export function itemLine(item: PlanItem, options: ItemLineOptions): HTMLElement {
  const name = nameCell(item, options);
  name.style.paddingInlineStart = `${(Math.min(item.level, MAX_INDENT_LEVEL) - 1) * 16}px`;
  if (item.type === 'detail') return element('div', { class: 'plan-line detail' }, [name]);
  const { text } = options;
  const line = element('div', { class: 'plan-line', attributes: { title: text.hint } }, [
    name,
    element('span', { class: 'plan-time' }, [
      bar(item, options),
      figure('', text.time),
      figure('share', text.share),
    ]),
    figure('plan-rows', text.rows, text.rows === '1' ? l10n.t('{0} row') : l10n.t('{0} rows')),
    element('span', { class: 'plan-estimate' }, [
      ...(text.warning === '' ? [] : [element('span', { class: 'plan-warning', text: `⚠ ${text.warning}` })]),
      figure('', text.estimate, l10n.t('{0} expected')),
    ]),
  ]);
  const heat = {
    none: '',
    path: l10n.t('on the hot path'),
    end: l10n.t('end of the hot path'),
  }[item.heat];
  if (heat !== '') line.append(unseen(`, ${heat}`));
  return line;
}

function nameCell(item: PlanItem, options: ItemLineOptions): HTMLElement {
  const { text } = options;
  const hidden = { 'aria-hidden': 'true' };
  const isOperator = item.type === 'operator';
  return element('span', { class: 'plan-name' }, [
    twisty(item, options),
    ...(item.type === 'function'
      ? [
          element('span', { class: 'plan-tag', text: 'ƒ', attributes: hidden }),
          unseen(`${l10n.t('plugin function')} `),
        ]
      : []),
    element('span', { class: 'plan-operator', text: shortened(text.name, SHOWN_NAME) }),
    ...(item.heat === 'end'
      ? [element('span', { class: 'plan-tag hot', text: l10n.t('hottest'), attributes: hidden })]
      : []),
    ...(text.hint === '' || isOperator ? [] : [unseen(item.type === 'detail' ? ': ' : ', ')]),
    // What an operator does can be opened as lines of their own.
    element('span', {
      class: 'plan-hint',
      text: shortened(text.hint),
      ...(isOperator && { attributes: hidden }),
    }),
  ]);
}

/** The part of the time that is its own; of a function, transfer is told apart. */
function bar(item: PlanItem, { micros }: ItemLineOptions): HTMLElement {
  const track = element('span', { class: 'plan-bar', attributes: { 'aria-hidden': 'true' } });
  const own = item.type === 'operator' ? (item.node.micros ?? 0) : 0;
  const cost = item.type === 'function' ? item.cost : { micros: own, transferMicros: 0 };
  const whole = Math.max(micros, cost.micros);
  if (whole === 0) return track;
  const part = (of: number, kind: string): HTMLElement => {
    const made = element('span', { class: `plan-fill ${kind}` });
    made.style.inlineSize = `${(of / whole) * 100}%`;
    return made;
  };
  track.append(part(cost.micros - cost.transferMicros, item.type), part(cost.transferMicros, 'transfer'));
  return track;
}

function twisty(item: PlanItem, { isOpen, toggle }: ItemLineOptions): HTMLElement {
  // The keys of the tree do the same: it is for the pointer alone.
  const made = element('span', {
    class: 'plan-twisty',
    text: item.children.length === 0 ? '' : isOpen ? '▾' : '▸',
    attributes: { 'aria-hidden': 'true' },
  });
  if (item.children.length > 0) {
    made.addEventListener('click', (event) => {
      event.stopPropagation();
      toggle();
    });
  }
  return made;
}

function shortened(value: string, length = SHOWN_VALUE): string {
  return value.length <= length ? value : `${value.slice(0, length)}… (${l10n.t('more in the copy')})`;
}

/**
 * A figure, with what its column's heading tells those who see it.
 *
 * @param spoken the figure with its unit, `{0}` where it stands; absent: alone
 */
function figure(kind: string, text: string, spoken = '{0}'): HTMLElement {
  const node = element('span', { class: `figure ${kind}`.trim() });
  if (text === '') return node;
  const [before = '', after = ''] = spoken.split('{0}');
  node.append(unseen(`, ${before}`), text, ...(after === '' ? [] : [unseen(after)]));
  return node;
}

function unseen(text: string): HTMLElement {
  return element('span', { class: 'unseen', text });
}
