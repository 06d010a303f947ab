import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { WasmLine, WasmLines } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText } from './byte-text.ts';
import { VirtualRows } from './virtual-rows.ts';
import type { WasmAsker } from './wasm-asker.ts';

/** Deeper blocks are not indented further. */
const MAX_INDENT = 40;

/** What the code of a function can do to the rest of the page. */
export interface CodeActions {
  show(index: number): void;
  showCalls(index: number): void;
  copy(index: number): void;
  /** Tells something to the person. */
  tell(message: string): void;
}

/** The code of one function: its instructions with their offsets, searched, with links to what they call. */
export class CodeView {
  readonly node = element('div', { class: 'code' });
  readonly #asker: WasmAsker;
  readonly #actions: CodeActions;
  readonly #rows: VirtualRows<WasmLine>;
  readonly #head = element('div', { class: 'signature' });
  readonly #foot = element('p', { class: 'problem', attributes: { role: 'alert', hidden: '' } });
  readonly #find: HTMLInputElement;
  readonly #index: number;

  /** @param index of the function */
  constructor(index: number, asker: WasmAsker, actions: CodeActions) {
    this.#index = index;
    this.#asker = asker;
    this.#actions = actions;
    this.#rows = new VirtualRows<WasmLine>({
      pull: async (first, count) => {
        const lines = await asker.ask({ kind: 'lines', function: index, first, count });
        if (first === 0) this.#describe(lines);
        return { ...lines, rows: lines.lines };
      },
      draw: (line) => this.#line(line),
      activate: ({ target }) => {
        if (target !== undefined) actions.show(target);
      },
      failed: (message) => this.#fail(message),
      label: l10n.t('Instructions'),
      rowClass: 'line',
    });
    this.#find = element('input', {
      class: 'input',
      attributes: {
        type: 'search',
        placeholder: l10n.t('Find in function'),
        'aria-label': l10n.t('Find in function'),
        spellcheck: 'false',
      },
    });
    this.#find.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') void this.#findNext();
    });
    this.node.append(this.#head, this.#toolbar(), this.#rows.node, this.#foot);
    this.#rows.reset();
  }

  /** To be called when the code becomes visible. */
  shown(): void {
    this.#rows.draw();
  }

  dispose(): void {
    this.#rows.dispose();
  }

  #toolbar(): HTMLElement {
    return element('div', { class: 'tools' }, [
      this.#find,
      button(l10n.t('Find Next'), () => void this.#findNext()),
      button(l10n.t('Calls'), () => this.#actions.showCalls(this.#index)),
      button(l10n.t('Copy as WAT'), () => this.#actions.copy(this.#index)),
    ]);
  }

  #describe({ heading, locals, total, problem, ...lines }: WasmLines): void {
    const { byteLength } = lines.function;
    const size = byteLength === undefined ? l10n.t('imported') : bytesText(byteLength);
    const instructions = counted(total, l10n.t('{0} instruction'), l10n.t('{0} instructions'));
    this.#head.replaceChildren(
      element('pre', { class: 'heading', text: `${heading}${locals === '' ? '' : `\n  ${locals}`}` }),
      element('span', { class: 'facts', text: `${instructions}, ${size}` }),
    );
    if (problem !== undefined) this.#fail(problem);
  }

  #fail(message: string): void {
    this.#foot.textContent = message;
    this.#foot.hidden = false;
  }

  #line({ offset, depth, text, target }: WasmLine): Node[] {
    const place = element('span', { class: 'offset', text: offset.toString(16).padStart(8, '0') });
    const code = element('span', { class: 'text' });
    code.style.paddingLeft = `${2 * Math.min(depth, MAX_INDENT)}ch`;
    const [name = '', ...rest] = text.split(' ');
    code.append(element('span', { class: 'opcode', text: name }));
    const operands = rest.length === 0 ? '' : ` ${rest.join(' ')}`;
    if (target === undefined) code.append(...withRemarks(operands));
    else {
      const link = element('span', { class: 'link', text: operands.trim() });
      link.addEventListener('click', () => this.#actions.show(target));
      code.append(' ', link);
    }
    return [place, code];
  }

  /** The next line behind the active one that has the text; from the top again when there is none. */
  async #findNext(): Promise<void> {
    const text = this.#find.value;
    if (text === '') return;
    const ask = async (from: number) =>
      (await this.#asker.ask({ kind: 'find', function: this.#index, text, from })).line;
    try {
      const next = await ask(this.#rows.active + 1);
      const line = next >= 0 ? next : await ask(0);
      if (line < 0) this.#actions.tell(l10n.t('“{0}” is not in this function.', text));
      else this.#rows.goTo(line);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }
}

/** A text whose remarks, such as where a label leads, are quiet. */
function withRemarks(text: string): Node[] {
  const pieces = text.split(/(;; .*|\(;.*?;\))/);
  return pieces.map((piece, at) =>
    at % 2 === 1 ? element('span', { class: 'remark', text: piece }) : new Text(piece),
  );
}

/** A button with a text. */
export function button(text: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'button', text, attributes: { type: 'button' }, onClick });
}
