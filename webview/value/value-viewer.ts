import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import { element } from '../dom.ts';
import { drawnText } from '../grid/cell-text.ts';
import { showText } from '../visible-text.ts';
import { blobBytes, hexText } from './hex-text.ts';
import { JsonTree } from './json-tree.ts';

/** Characters, or bytes, that are shown at once; buttons lead to the others. */
const PART_CHARACTERS = 100_000;
const PART_BYTES = 16_384;

/** A value to look at. */
export interface ViewedValue {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly isNull: boolean;
  /** The value as JSON, where it has parts. */
  readonly json: () => string | undefined;
}

/** What the viewer's buttons do. */
export interface ViewerActions {
  copy(text: string): void;
  closed(): void;
}

type Mode = 'text' | 'tree' | 'hex';

/** Shows one value in full: wrapped text, the tree of its parts, or its bytes. */
export class ValueViewer {
  readonly node: HTMLElement;
  readonly #actions: ViewerActions;
  readonly #title = element('span', { class: 'name' });
  readonly #length = element('span', { class: 'size' });
  readonly #modes = element('span', {
    class: 'modes',
    attributes: { role: 'group', 'aria-label': l10n.t('Show as') },
  });
  readonly #body = element('div', { class: 'viewer-body' });
  readonly #parts = element('div', { class: 'viewer-parts' });
  #value: ViewedValue | undefined;
  #chosen: Mode | undefined;
  #part = 0;

  constructor(actions: ViewerActions) {
    this.#actions = actions;
    this.node = element(
      'section',
      { class: 'viewer', attributes: { 'aria-label': l10n.t('Value'), hidden: '' } },
      [
        element('div', { class: 'viewer-head' }, [
          this.#title,
          this.#length,
          this.#modes,
          this.#button(l10n.t('Copy'), l10n.t('Copy the whole value'), () =>
            actions.copy(this.#value?.text ?? ''),
          ),
          this.#button('✕', l10n.t('Close (Escape)'), () => this.close()),
        ]),
        this.#body,
        this.#parts,
      ],
    );
    this.node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen(): boolean {
    return !this.node.hidden;
  }

  /** Shows a value, with the focus in it. */
  open(value: ViewedValue): void {
    this.node.hidden = false;
    this.show(value);
    const target = this.#body.querySelector<HTMLElement>('[tabindex="0"]');
    target?.focus({ preventScroll: true });
  }

  /** Shows another value in its place. */
  show(value: ViewedValue): void {
    const before = this.#value;
    if (before?.text === value.text && before.type === value.type && before.name === value.name) return;
    this.#value = value;
    this.#part = 0;
    showText(this.#title, drawnText(value.name));
    this.#draw();
  }

  close(): void {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.#value = undefined;
    this.#body.replaceChildren();
    this.#actions.closed();
  }

  #draw(): void {
    const value = this.#value;
    if (value === undefined) return;
    const json = hasParts(value) ? value.json() : undefined;
    const modes: Mode[] = value.isNull
      ? ['text']
      : value.type === 'BLOB'
        ? ['hex', 'text']
        : json !== undefined
          ? ['tree', 'text']
          : ['text'];
    const mode = modes.find((one) => one === this.#chosen) ?? modes[0] ?? 'text';
    this.#modes.replaceChildren(
      ...(modes.length < 2 ? [] : modes.map((one) => this.#modeButton(one, one === mode))),
    );
    if (mode === 'tree') this.#showTree(json ?? '');
    else if (mode === 'hex') this.#showBytes(blobBytes(value.text));
    else this.#showLetters(value);
  }

  #showTree(json: string): void {
    this.#length.textContent = charactersText(json.length);
    this.#body.replaceChildren(new JsonTree(json).node);
    this.#parts.replaceChildren();
  }

  #showBytes(bytes: Uint8Array): void {
    this.#length.textContent = counted(bytes.length, l10n.t('{0} byte'), l10n.t('{0} bytes'));
    const start = this.#part * PART_BYTES;
    const pre = page('viewer-hex');
    pre.textContent = hexText(bytes, start, start + PART_BYTES);
    this.#body.replaceChildren(pre);
    this.#offerParts(bytes.length, PART_BYTES, l10n.t('{0} to {1} of {2} bytes'));
  }

  #showLetters({ text, isNull }: ViewedValue): void {
    this.#length.textContent = isNull ? '' : charactersText(characterCount(text));
    const start = this.#part * PART_CHARACTERS;
    const pre = page(isNull ? 'viewer-text null' : text === '' ? 'viewer-text empty' : 'viewer-text');
    pre.dir = 'auto';
    showText(pre, text.slice(start, start + PART_CHARACTERS), { isMultiline: true, marksSpaces: true });
    this.#body.replaceChildren(pre);
    this.#offerParts(text.length, PART_CHARACTERS, l10n.t('{0} to {1} of {2} characters'));
  }

  #offerParts(total: number, size: number, sentence: string): void {
    this.#parts.replaceChildren();
    if (total <= size) return;
    const last = Math.ceil(total / size) - 1;
    const from = this.#part * size;
    const places = [from + 1, Math.min(total, from + size), total];
    const text = sentence.replace(/\{(\d)\}/g, (_, place: string) =>
      (places[Number(place)] ?? 0).toLocaleString('en-US'),
    );
    const step = (by: number) => {
      this.#part = Math.max(0, Math.min(last, this.#part + by));
      this.#draw();
      this.#parts.querySelector<HTMLElement>('button:enabled')?.focus();
    };
    const before = this.#button(l10n.t('Previous part'), l10n.t('Previous part'), () => step(-1));
    const next = this.#button(l10n.t('Next part'), l10n.t('Next part'), () => step(1));
    before.toggleAttribute('disabled', this.#part === 0);
    next.toggleAttribute('disabled', this.#part === last);
    this.#parts.append(before, next, element('span', { text, attributes: { role: 'status' } }));
  }

  #modeButton(mode: Mode, isChosen: boolean): HTMLElement {
    const button = this.#button(modeName(mode), l10n.t('Show as {0}', modeName(mode)), () => {
      this.#chosen = mode;
      this.#part = 0;
      this.#draw();
      this.#modes.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
    });
    button.setAttribute('aria-pressed', String(isChosen));
    return button;
  }

  #button(text: string, label: string, onClick: () => void): HTMLElement {
    const attributes = { type: 'button', title: label, 'aria-label': label };
    return element('button', { class: 'bar-button', text, attributes, onClick });
  }
}

function page(className: string): HTMLElement {
  return element('pre', { class: className, attributes: { tabindex: '0', 'aria-label': l10n.t('Value') } });
}

function hasParts({ type }: ViewedValue): boolean {
  return /^JSON$|\[\d*\]$|^(STRUCT|MAP|UNION)\(/.test(type);
}

/** Characters as Unicode counts them. */
function characterCount(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

function charactersText(count: number): string {
  return counted(count, l10n.t('{0} character'), l10n.t('{0} characters'));
}

function modeName(mode: Mode): string {
  if (mode === 'tree') return l10n.t('Tree');
  return mode === 'hex' ? l10n.t('Hex') : l10n.t('Text');
}
